import type { EscalationSets } from './escalation.ts';

/**
 * How flags go from one to the next when nobody answers. No law and no guidance gives these minutes: they are our
 * judgment, after the levels' own times (2: five minutes, 3: thirty), and a country sets its own with `ESCALATION_FILE`.
 */
export const UA_ESCALATION: EscalationSets = [
  {
    id: 'ua-2026',
    validFrom: '2026-01-01T00:00:00+02:00',
    standing: 'judgment',
    note: {
      uk: 'Хвилини встановлено на власний розсуд: ні закон, ні настанови їх не визначають.',
      en: 'The minutes are our judgment: neither law nor guidance gives any.',
    },
    levels: {
      // Everybody at once, and everybody again and again: an unanswered level 1 must not rest with one who did not hear it.
      '1': [
        { to: ['duty', 'oncall', 'situation'], afterS: 0 },
        { to: ['duty', 'oncall', 'situation'], afterS: 120 },
        { to: ['duty', 'oncall', 'situation'], afterS: 300, againEveryS: 300 },
      ],
      '2': [
        { to: ['duty'], afterS: 0 },
        { to: ['oncall'], afterS: 300 },
        { to: ['situation'], afterS: 600 },
      ],
      '3': [
        { to: ['duty'], afterS: 0 },
        { to: ['oncall'], afterS: 1_800 },
        { to: ['situation'], afterS: 3_600 },
      ],
      // To be looked at some time: it stands in the queue, and somebody is told when a whole shift has not looked.
      '4': [
        { to: ['duty'], afterS: 28_800 },
        { to: ['situation'], afterS: 86_400 },
      ],
    },
  },
];
