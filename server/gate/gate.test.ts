import { expect, test } from 'vitest';
import { VartaError } from '#contract/errors.ts';
import type { GateBody } from '#contract/gate.ts';
import type { Area } from '#contract/nation.ts';
import type { VisitKind } from '#contract/status.ts';
import { GATE_MAX_MINUTES, GATE_TOTAL_MINUTES } from '../../config/gate/gate.ts';
import { VISIT_MAX_MINUTES } from '../../config/gate/visits.ts';
import type { Principal } from '../access/decide.ts';
import { type Closure, EndIds, endOf, nameOfEnd, StandingClosures } from './closure-ends.ts';
import { stepClosure } from './gate.ts';
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
const stepGate = (standing: ReturnType<typeof gate> | undefined, body: GateBody, nowMs: number) =>
  stepClosure(standing ? { gate: standing } : {}, body, nowMs);
const visit = (since: number, until: number, kind: VisitKind = 'lawyer') => ({
  kind,
  caseId: 'cr-68-1-000001',
  since: instant(since),
  until: instant(until),
});

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

test('a visit goes on for as long again as often as somebody says so, and only one that there is', () => {
  const prolong = { act: 'prolong', caseId: 'cr-68-1-000001' } as const;
  expect(stepClosure({ visits: [visit(-600, 5)] }, prolong, NOW)).toMatchObject({
    ok: true,
    opens: true,
    untilMs: NOW + VISIT_MAX_MINUTES.lawyer * MINUTE,
  });
  expect(stepClosure({ visits: [visit(-600, 5), visit(-10, 50, 'medical')] }, prolong, NOW)).toMatchObject({
    untilMs: NOW + VISIT_MAX_MINUTES.medical * MINUTE,
  });
  const another = { ...prolong, caseId: 'cr-68-1-000002' };
  for (const refused of [
    stepClosure({ visits: [visit(-600, 5)] }, another, NOW),
    stepClosure({ gate: gate(-5, 10) }, prolong, NOW),
    stepClosure(undefined, prolong, NOW),
  ])
    expect(refused).toMatchObject({ ok: false, code: 'conflict' });
});

test('what is due are gates and visits that stand beyond their end', () => {
  const area = (areaId: string, closures: object = {}) => ({ areaId, ...closures }) as never;
  const standing = new StandingClosures([
    area('a-1', { gate: gate(-30, 0), visits: [visit(-60, 1), visit(-60, -1, 'medical')] }),
    area('a-2', { gate: gate(-30, 1) }),
    area('a-3'),
  ]);
  const due = () => standing.due(NOW).map(({ areaId, kind }) => `${areaId} ${kind}`);
  expect(due()).toEqual(['a-1 gate', 'a-1 visit']);
  standing.handleDelta({ areas: [area('a-1'), area('a-3', { visits: [visit(-9, -1)] })] });
  expect(due()).toEqual(['a-3 visit']);
});

const PLACE = { id: 'ua-68-itt-1-cell-2', facilityId: 'ua-68-itt-1' };
const EVENT_ID = '00000000-0000-4000-8000-000000000001';

test('an end has one name, whoever makes it; the end after more time has another', () => {
  const nameOf = (closure: Closure) => nameOfEnd(PLACE, closure);
  const byGate = (until: number): Closure => ({ areaId: PLACE.id, kind: 'gate', gate: gate(-30, until) });
  const byVisit = (until: number, kind?: VisitKind): Closure => ({
    areaId: PLACE.id,
    kind: 'visit',
    visit: visit(-30, until, kind),
  });
  expect(nameOf(byGate(0))).toBe(nameOf(byGate(0)));
  const names = [byGate(0), byGate(9), byVisit(0), byVisit(9), byVisit(0, 'medical')].map(nameOf);
  expect(new Set(names).size).toBe(5);
  expect(endOf(PLACE, byGate(0), EVENT_ID)).toMatchObject({ type: 'GATE_CLOSED', until: instant(0) });
  expect(endOf(PLACE, byVisit(0), EVENT_ID)).toMatchObject({
    type: 'CONFIDENTIALITY_ENDED',
    caseId: 'cr-68-1-000001',
    occurredAt: instant(0),
    until: instant(0),
  });
});

test('an id that is taken, or changes nothing for half a minute, is given up for one that nobody foresees', () => {
  const made: string[] = [];
  const ids = new EndIds(() => `unforeseen-${made.push('one')}`);
  const idAt = (nowMs: number) => ids.idsOf(['one', 'two'], nowMs).get('one');
  const first = idAt(NOW);
  expect(new EndIds(() => 'other').idsOf(['one'], NOW).get('one')).toBe(first);
  expect(idAt(NOW + 30_000)).toBe(first);
  expect(idAt(NOW + 30_001)).toBe('unforeseen-1');
  expect(idAt(NOW + 60_000)).toBe('unforeseen-1');
  ids.handleRefusal('one', NOW + 60_000);
  expect(idAt(NOW + 60_000)).toMatch(/^unforeseen-/);
  expect(idAt(NOW + 60_000)).not.toBe('unforeseen-1');
  // What is due no more is forgotten.
  ids.idsOf([], NOW + 61_000);
  expect(idAt(NOW + 62_000)).toBe(first);
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
    noteAct: () => Promise.reject(new TypeError('nothing was done')),
    now: () => NOW,
  });
  const call = { principal, params: { areaId: area.id }, body: { act: 'open', minutes: 30, reason } };
  const refused = expect(async () => route?.handle(call as never)).rejects;
  await (message === undefined ? refused.toBeInstanceOf(VartaError) : refused.toThrow(message));
});
