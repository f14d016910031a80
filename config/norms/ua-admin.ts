import type { NormSet } from './norm-set.ts';

/**
 * Administrative detention, Code of Ukraine on Administrative Offences, in its ordinary length. The longer terms of
 * art. 263 (border regime, narcotics, until court) depend on facts that events do not carry.
 */
export const UA_ADMIN: NormSet = {
  id: 'ua-admin',
  version: 1,
  name: { uk: 'КУпАП', en: 'Code of Ukraine on Administrative Offences' },
  regime: 'administrative',
  // The code entered into force on 1 June 1985 (general knowledge).
  validFrom: '1985-06-01T00:00:00+04:00',
  validTo: null,
  warnings: { amber: 0.75, red: 0.9, standing: 'judgment' },
  limits: [
    {
      id: 'detention',
      // The three hours count from delivery (general knowledge); a record without it starts with the next step.
      anchor: ['DELIVERED', 'REGISTERED', 'PROTOCOL_DRAWN', 'CELL_PLACED'],
      minutes: 3 * 60,
      metBy: ['COURT_BROUGHT', 'RELEASED'],
      pauses: [],
      label: { uk: 'до звільнення', en: 'to release' },
      source: {
        uk: 'КУпАП, ст. 263: адміністративне затримання не більше 3 годин',
        en: 'Code on Administrative Offences, art. 263: administrative detention of at most 3 hours',
      },
      standing: 'law',
    },
  ],
};
