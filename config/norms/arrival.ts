import type { CaseEvent } from '#contract/custody-events.ts';

type CaseEventTypes = CaseEvent['type'][];

/**
 * What shows that a person is held, for limits that count from the actual detention. Where a record lacks the first, the
 * earliest later step stands in, since nobody can have been detained after it.
 */
export const HELD: CaseEventTypes = [
  'APPREHENDED',
  'DELIVERED',
  'REGISTERED',
  'PROTOCOL_DRAWN',
  'CELL_PLACED',
];

/** What shows that a person is in a facility, for limits that count from delivery. */
export const DELIVERED: CaseEventTypes = ['DELIVERED', 'REGISTERED', 'PROTOCOL_DRAWN', 'CELL_PLACED'];

/** Figures of nobody but us. */
export const WARNINGS = { amber: 0.75, red: 0.9, standing: 'judgment' as const };
