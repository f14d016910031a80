import { DELIVERED, WARNINGS } from './arrival.ts';
import type { NormSet } from './norm-set.ts';

/**
 * The European Committee for the Prevention of Torture on the first examination. It is a set of its own, beside the lines
 * of room, since a nation may have a stricter line for the doctor: that of Ukraine wants one in the first hours.
 */
export const CPT_HEALTH: NormSet = {
  id: 'cpt-health',
  version: 1,
  name: { uk: 'CPT: медичний огляд', en: 'CPT: medical screening' },
  regime: 'any',
  // The 23rd General Report, of 6 November 2013 (general knowledge).
  validFrom: '2013-11-06T00:00:00+01:00',
  validTo: null,
  warnings: WARNINGS,
  limits: [
    {
      kind: 'deadline',
      id: 'medical-screening',
      anchor: DELIVERED,
      minutes: 24 * 60,
      metBy: ['MEDICAL_EXAM_STARTED', 'MEDICAL_EXAM_ENDED', 'RELEASED'],
      pauses: [],
      grants: [],
      label: { uk: 'до медичного огляду', en: 'to medical screening' },
      short: { uk: 'до огляду', en: 'to screening' },
      source: {
        uk: '23-тя загальна доповідь CPT, §§ 73–74: медичний огляд протягом 24 годин від прибуття, також у місцях тимчасового тримання, де перебувають понад кілька днів',
        en: 'CPT 23rd General Report, §§ 73–74: medical screening within 24 hours of arrival, also in temporary detention facilities that hold people for more than a few days',
      },
      address: 'https://atlas-of-torture.org/en/document/3pyrpxir6pg?page=2',
      standing: 'guidance',
    },
  ],
};
