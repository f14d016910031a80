import type { NormSet } from './norm-set.ts';

/**
 * Criminal Procedure Code of Ukraine, ordinary course. The anchor of all three limits is the actual detention (art. 209);
 * where a record lacks it, the earliest later step stands in, since the person cannot have been detained after it.
 */
export const UA_CPC: NormSet = {
  id: 'ua-cpc',
  version: 1,
  name: { uk: 'КПК України', en: 'Criminal Procedure Code of Ukraine' },
  regime: 'criminal',
  // The code entered into force on 20 November 2012 (general knowledge).
  validFrom: '2012-11-20T00:00:00+02:00',
  validTo: null,
  warnings: { amber: 0.75, red: 0.9, standing: 'judgment' },
  limits: [
    {
      id: 'suspicion',
      anchor: ['APPREHENDED', 'DELIVERED', 'REGISTERED', 'PROTOCOL_DRAWN', 'CELL_PLACED'],
      minutes: 24 * 60,
      metBy: ['SUSPICION_SERVED', 'RELEASED'],
      pauses: [],
      label: { uk: 'до підозри', en: 'to suspicion' },
      source: {
        uk: 'КПК України, ст. 278: письмове повідомлення про підозру протягом 24 годин, інакше звільнення',
        en: 'CPC of Ukraine, art. 278: written notice of suspicion within 24 hours, else release',
      },
      standing: 'law',
    },
    {
      id: 'court',
      anchor: ['APPREHENDED', 'DELIVERED', 'REGISTERED', 'PROTOCOL_DRAWN', 'CELL_PLACED'],
      minutes: 60 * 60,
      metBy: ['COURT_BROUGHT', 'RELEASED'],
      pauses: [],
      label: { uk: 'до суду', en: 'to court' },
      source: {
        uk: 'КПК України, ст. 211: доставлення до суду не пізніше 60 годин, інакше звільнення',
        en: 'CPC of Ukraine, art. 211: brought to court within 60 hours, else release',
      },
      standing: 'law',
    },
    {
      id: 'decision',
      anchor: ['APPREHENDED', 'DELIVERED', 'REGISTERED', 'PROTOCOL_DRAWN', 'CELL_PLACED'],
      minutes: 72 * 60,
      metBy: ['COURT_DECISION_SERVED', 'RELEASED'],
      pauses: [],
      label: { uk: 'до рішення суду', en: 'to court decision' },
      source: {
        uk: 'КПК України, ст. 12; Конституція України, ст. 29: 72 години без вмотивованого рішення суду, тоді звільнення',
        en: 'CPC of Ukraine, art. 12; Constitution of Ukraine, art. 29: 72 hours without a reasoned court decision, then release',
      },
      standing: 'law',
    },
  ],
};
