import { expect, test } from 'vitest';
import { AREA_EVENT_TYPES, type AreaEvent } from '#contract/custody-events.ts';
import { ROOM_FORMS } from './forms.ts';

/** What is recorded of a room in another way, and how. */
const ELSEWHERE: Readonly<Partial<Record<AreaEvent['type'], string>>> = {
  CELL_CHECK: 'a screen of its own',
  CALL_BELL: 'the bell itself',
  CALL_BELL_ANSWERED: 'the bell itself, and whoever looks in',
  PRESENCE_SEEN: 'sensors, and the check',
  EMPTY_SEEN: 'sensors, and the check',
  GATE_OPENED: 'the acts on an area',
  GATE_CLOSED: 'the acts on an area',
  MASK_LIFTED: 'the acts on an area',
  MASK_RESTORED: 'the acts on an area',
};

test('whatever happens to a room, somebody can record it', () => {
  const forms: string[] = ROOM_FORMS.map(({ type }) => type);
  expect([...forms, ...Object.keys(ELSEWHERE)].toSorted()).toEqual(AREA_EVENT_TYPES.toSorted());
});
