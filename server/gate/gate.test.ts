import { expect, test } from 'vitest';
import { VartaError } from '#contract/errors.ts';
import type { Area } from '#contract/nation.ts';
import { GATE_MAX_MINUTES, GATE_TOTAL_MINUTES } from '../../config/gate/gate.ts';
import type { Principal } from '../access/decide.ts';
import { stepGate } from './gate.ts';
import { endOfGate, GateEnds } from './gate-ends.ts';
import { gateRoutes } from './routes.ts';

const NOW = Date.parse('2026-11-22T14:00:00.000Z');
const MINUTE = 60_000;
const instant = (minutes: number) => new Date(NOW + minutes * MINUTE).toISOString();
const gate = (since: number, until: number) => ({
  since: instant(since),
  until: instant(until),
  by: 'duty-68',
});
const reason = 'Огляд';

test('a gate is opened for a time, given more, and ended', () => {
  expect(stepGate(undefined, { act: 'open', minutes: 30, reason }, NOW)).toMatchObject({
    ok: true,
    untilMs: NOW + 30 * MINUTE,
  });
  expect(stepGate(gate(-20, 10), { act: 'extend', minutes: 30, reason }, NOW)).toMatchObject({
    ok: true,
    opens: true,
    untilMs: NOW + 30 * MINUTE,
  });
  expect(stepGate(gate(-20, 10), { act: 'close' }, NOW)).toMatchObject({ ok: true, opens: false });
});

test.each([
  ['open one that stands', gate(-5, 10), { act: 'open', minutes: 30, reason }, 'conflict'],
  ['give more to none', undefined, { act: 'extend', minutes: 30, reason }, 'conflict'],
  ['give more to one that is over', gate(-40, -1), { act: 'extend', minutes: 30, reason }, 'conflict'],
  ['end none', undefined, { act: 'close' }, 'conflict'],
  ['give what it has', gate(-5, 30), { act: 'extend', minutes: 30, reason }, 'conflict'],
  ['too long at once', undefined, { act: 'open', minutes: GATE_MAX_MINUTES + 1, reason }, 'limit_reached'],
  [
    'too long in all',
    gate(-(GATE_TOTAL_MINUTES - 10), 5),
    { act: 'extend', minutes: 11, reason },
    'limit_reached',
  ],
] as const)('refused: %s', (_, standing, body, code) => {
  expect(stepGate(standing, body, NOW)).toMatchObject({ ok: false, code });
});

test('what is due are gates that stand beyond their end', () => {
  const area = (areaId: string, one?: ReturnType<typeof gate>) =>
    ({ areaId, ...(one ? { gate: one } : {}) }) as never;
  const ends = new GateEnds([area('a-1', gate(-30, 0)), area('a-2', gate(-30, 1)), area('a-3')]);
  expect(ends.due(NOW).map(([id]) => id)).toEqual(['a-1']);
  ends.handleDelta({ areas: [area('a-1'), area('a-3', gate(-9, -1))] });
  expect(ends.due(NOW).map(([id]) => id)).toEqual(['a-3']);
});

test('an end has one event, whoever makes it; the end after more time has another', () => {
  const place = { id: 'ua-68-itt-1-cell-2', facilityId: 'ua-68-itt-1' };
  expect(endOfGate(place, gate(-30, 0))).toEqual(endOfGate(place, gate(-30, 0)));
  expect(endOfGate(place, gate(-30, 0)).id).not.toBe(endOfGate(place, gate(-30, 9)).id);
});

test.each([
  ['rejected', [{ id: 'event-1', status: 'rejected', code: 'conflict', message: 'taken' } as const], 'taken'],
  ['not answered for', [], undefined],
])('an event that is %s closes nothing, and is in no audit', async (_, results, message) => {
  const area: Area = {
    id: 'ua-68-itt-1-cell-1',
    facilityId: 'ua-68-itt-1',
    regionId: 'UA-68',
    kind: 'cell',
    name: { uk: 'Камера 1', en: 'Cell 1' },
    privacy: 'normal',
    capacity: 2,
    netAreaM2: 8,
    feeds: [],
  };
  const principal: Principal = {
    kind: 'person',
    username: 'situation',
    role: 'situation',
    scope: { kind: 'nation' },
  };
  const [route] = gateRoutes({
    registry: { area: () => area },
    view: { area: () => undefined, current: true },
    take: async () => ({ results: [...results] }),
    audit: {
      append: () => Promise.reject(new TypeError('nothing was done')),
      auditRefusal: () => undefined,
    },
    now: () => NOW,
  });
  const call = { principal, params: { areaId: area.id }, body: { act: 'open', minutes: 30, reason } };
  const refused = expect(async () => route?.handle(call as never)).rejects;
  await (message === undefined ? refused.toBeInstanceOf(VartaError) : refused.toThrow(message));
});
