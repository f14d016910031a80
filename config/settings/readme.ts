import { settingsTable } from './table.ts';

const BEGIN = '<!-- settings: written by config/write-settings-table.ts -->';
const END = '<!-- end of settings -->';

/** The README with the present table between its two marks. Throws when the marks are not there. */
export function withSettingsTable(readme: string): string {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin < 0 || end < begin) throw new Error('the README has lost the marks of its table of settings');
  return `${readme.slice(0, begin + BEGIN.length)}\n${settingsTable()}\n${readme.slice(end)}`;
}
