import { HELD, WARNINGS } from './arrival.ts';
import type { NormSet } from './norm-set.ts';

/**
 * Martial-law overlay of the Criminal Procedure Code of Ukraine. It never holds by itself: a person with the power to
 * do so applies it to one case, with a reason. The ordinary lines of 24, 60 and 72 hours stay visible in its shadow.
 */
export const UA_CPC_615: NormSet = {
  id: 'ua-cpc-615',
  version: 1,
  name: { uk: 'КПК України, ст. 615 (воєнний стан)', en: 'CPC of Ukraine, art. 615 (martial law)' },
  regime: 'criminal',
  validFrom: '2022-05-01T00:00:00+03:00',
  validTo: null,
  note: {
    uk: 'Чинність у 2026 році не підтверджено: перевірити перед кожним застосуванням.',
    en: 'That it is in force in 2026 is not confirmed: to be verified before each use.',
  },
  overlay: {
    shadows: [
      { normSet: 'ua-cpc', limit: 'suspicion' },
      { normSet: 'ua-cpc', limit: 'court' },
      { normSet: 'ua-cpc', limit: 'decision' },
      { normSet: 'ua-cpc', limit: 'motion' },
    ],
  },
  warnings: WARNINGS,
  limits: [
    {
      kind: 'deadline',
      id: 'suspicion',
      anchor: HELD,
      minutes: 72 * 60,
      metBy: ['SUSPICION_SERVED', 'RELEASED'],
      pauses: [],
      grants: [],
      label: { uk: 'до підозри (воєнний стан)', en: 'to suspicion (martial law)' },
      short: { uk: 'до підозри', en: 'to suspicion' },
      source: {
        uk: 'КПК України, ст. 615: повідомлення про підозру протягом 72 годин, інакше звільнення',
        en: 'CPC of Ukraine, art. 615: notice of suspicion within 72 hours, else release',
      },
      address: 'https://law-in-war.org/osoblyvosti-zatrymannya-osoby-v-umovah-voyennogo-stanu',
      standing: 'law',
    },
    {
      kind: 'deadline',
      id: 'detention',
      anchor: HELD,
      minutes: 216 * 60,
      metBy: ['COURT_DECISION_SERVED', 'RELEASED'],
      pauses: [],
      grants: [],
      label: { uk: 'до рішення (воєнний стан)', en: 'to decision (martial law)' },
      short: { uk: 'до рішення', en: 'to decision' },
      source: {
        uk: 'КПК України, ст. 615: 216 годин замість 72 і 60',
        en: 'CPC of Ukraine, art. 615: 216 hours in place of 72 and 60',
      },
      address: 'https://legalaid.wiki/index.php?diff=next&oldid=38604',
      standing: 'law',
    },
  ],
};
