import type { LocalSettings } from './settings.ts';

const sampleAccounts = [
  'situation',
  'situation-2',
  'duty-68',
  'duty-68-2',
  'oncall',
  'inspector',
  'oversight',
  'prosecutor',
  'ombudsman',
  'hotline',
  'admin',
];
const samplePassword = 'varta-sample';

/** What people read when everything runs. */
export function renderBanner(settings: LocalSettings): string {
  const url = `http://${settings.HOST === '127.0.0.1' ? 'localhost' : settings.HOST}:${settings.PORT}`;
  return [
    '',
    `Varta runs at ${url}`,
    '',
    `  accounts  ${sampleAccounts.join(', ')}`,
    `  password  ${samplePassword}`,
    '',
    '  Every facility, person, event and picture here is invented.',
    `  Its data is in ${settings.DATA_DIR}; remove that folder to start anew. ctrl-C stops everything.`,
    '',
  ].join('\n');
}
