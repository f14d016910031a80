import { afterAll, beforeAll, expect, test } from 'vitest';
import { Problem } from '#contract/errors.ts';
import { CurrentHandover, Handover, HandoverPage } from '#contract/handover.ts';
import { AuditPage } from '../audit/routes.ts';
import { ADULT, after, caseEvent, START_MS } from './fixtures/custody.ts';
import { SMALL_NATION } from './fixtures/nation.ts';
import { type PlayedTime, startPlayedTime } from './fixtures/played-time.ts';
import type { Caller } from './fixtures/server.ts';

const REGION = 'UA-68';
const FACILITY = 'ua-68-itt-1';
const minute = (at: number) => START_MS + at * 60_000;

let played: PlayedTime;
let out: Caller;
let comes: Caller;
let oversight: Caller;
let nation: Caller;
beforeAll(async () => {
  played = await startPlayedTime({ nation: SMALL_NATION, startMs: START_MS, replicas: 2 });
  const [first, second] = played.servers;
  if (!first || !second) throw new RangeError('two replicas');
  // The one who goes and the one who comes are on different replicas.
  out = await first.signIn('duty-68');
  comes = await second.signIn('duty-68-2');
  oversight = await second.signIn('oversight');
  nation = await first.signIn('situation');
});
afterAll(() => played[Symbol.asyncDispose]());

const kinds = ({ items }: Handover) =>
  items.map(({ kind, entries }) => `${kind} ${entries[0]?.areaId ?? ''}`.trim());
const codeOf = (reply: { body: unknown }) => Problem.parse(reply.body).code;
const acknowledge = (caller: Caller, { id }: Handover, item: Handover['items'][number]) =>
  caller.call('POST', `/api/v1/handovers/${id}/acknowledgements`, {
    body: { itemId: item.id, rev: item.rev },
  });

test('a shift is handed over: filled by the server, acknowledged by name, closed by who comes', async () => {
  await played.post(FACILITY, [
    caseEvent('APPREHENDED', { id: 1, at: -23 * 60, person: { ...ADULT, atRisk: true } }),
    caseEvent('DELIVERED', { id: 2, at: -22 * 60 }),
    caseEvent('CELL_PLACED', { id: 3, at: -21 * 60, area: 'cell-1' }),
    caseEvent('LAWYER_ARRIVED', { id: 4, at: -5, area: 'lawyer-room' }),
  ]);
  // A check that is seen to be overdue has its flag a minute later.
  await played.goTo(minute(0));
  await played.goTo(minute(1));
  const reply = await out.call('POST', '/api/v1/handovers', {
    body: { shiftHours: 2, note: 'Нічого незвичного' },
  });
  expect(reply.status).toBe(201);
  let handover = Handover.parse(reply.body);
  expect(handover).toMatchObject({ state: 'open', opened: { by: 'duty-68' }, previousAt: null });
  const told = kinds(handover);
  // Suspicion is due in an hour; court in 37, which is another shift's.
  for (const one of [`risk ${FACILITY}-cell-1`, `clock ${FACILITY}-cell-1`, `gate ${FACILITY}-lawyer-room`])
    expect(told).toContain(one);
  expect(told.filter((one) => one.startsWith('clock'))).toHaveLength(1);
  expect(told.some((one) => one.startsWith('flag'))).toBe(true);
  // A check that is overdue has a flag, and is not told twice.
  expect(told.filter((one) => one.startsWith('check'))).toEqual([]);

  // One at a time; and who opened it cannot take it over.
  expect(codeOf(await comes.call('POST', '/api/v1/handovers', { body: {} }))).toBe('conflict');
  const [first] = handover.items;
  if (!first) throw new RangeError('no item');
  expect(codeOf(await acknowledge(out, handover, first))).toBe('forbidden');

  const current = CurrentHandover.parse((await comes.get('/api/v1/handovers/current')).body);
  expect(current.handover?.id).toBe(handover.id);
  const end = (caller: Caller, body: object) =>
    caller.call('POST', `/api/v1/handovers/${handover.id}/end`, { body });
  const nextOf = ({ items }: Handover) => items.find(({ acknowledged }) => acknowledged === null);
  while (nextOf(handover)) {
    expect(codeOf(await end(comes, { to: 'closed' }))).toBe('conflict');
    // At closing it is held against what is live: the rules may have come to speak of more.
    handover = Handover.parse((await comes.get(`/api/v1/handovers/${handover.id}`)).body);
    const item = nextOf(handover);
    if (!item) break;
    const acked = await acknowledge(comes, handover, item);
    expect(acked.status).toBe(200);
    handover = Handover.parse(acked.body);
  }

  // Late news: somebody is brought while all seemed done.
  await played.goTo(minute(2));
  await played.post(FACILITY, [
    caseEvent('APPREHENDED', { id: 10, at: 1, caseName: 'two', person: { ...ADULT, minor: true } }),
    caseEvent('CELL_PLACED', { id: 11, at: 2, area: 'cell-2', caseName: 'two' }),
  ]);
  expect(codeOf(await end(comes, { to: 'closed' }))).toBe('conflict');
  handover = Handover.parse((await comes.get(`/api/v1/handovers/${handover.id}`)).body);
  const late = handover.items.filter((item) => item.late);
  // The rules may have come to speak of it as well, or not yet.
  const risks = late.filter(({ kind }) => kind === 'risk');
  expect(risks.map(({ entries, acknowledged }) => [entries[0]?.vulnerabilities, acknowledged])).toEqual([
    [['minor'], null],
  ]);
  for (const item of late) handover = Handover.parse((await acknowledge(comes, handover, item)).body);
  const noted = await comes.call('POST', `/api/v1/handovers/${handover.id}/notes`, {
    body: { text: 'Прийнято' },
  });
  expect(Handover.parse(noted.body).notes.map(({ by }) => by)).toEqual(['duty-68', 'duty-68-2']);
  const closed = Handover.parse((await end(comes, { to: 'closed' })).body);
  expect(closed).toMatchObject({ state: 'closed', ended: { by: 'duty-68-2', at: after(2) } });
  expect(closed.items.every(({ acknowledged }) => acknowledged?.by === 'duty-68-2')).toBe(true);
  expect(CurrentHandover.parse((await out.get('/api/v1/handovers/current')).body).handover).toBeNull();
});

test('it is read later by who may, is in the audit, and the next one begins where it ended', async () => {
  const list = HandoverPage.parse((await oversight.get('/api/v1/handovers')).body);
  expect(list.items.map(({ state, items, acknowledged }) => [state, items === acknowledged])).toEqual([
    ['closed', true],
  ]);
  const id = list.items[0]?.id ?? '';
  expect(Handover.parse((await oversight.get(`/api/v1/handovers/${id}`)).body).state).toBe('closed');
  // Outside control reads, and hands nothing over.
  expect(codeOf(await oversight.call('POST', '/api/v1/handovers', { body: {} }))).toBe('forbidden');
  const entries = AuditPage.parse(
    (await oversight.get('/api/v1/audit/entries?chain=nation&limit=200')).body,
  ).items;
  const actions = entries.filter(({ resource }) => resource === `handover:${id}`).map(({ action }) => action);
  expect([actions[0], actions.at(-1)]).toEqual(['handover.open', 'handover.close']);
  expect(actions.filter((action) => action === 'handover.acknowledge')).toHaveLength(
    list.items[0]?.items ?? -1,
  );

  const next = Handover.parse((await comes.call('POST', '/api/v1/handovers', { body: {} })).body);
  expect(next.previousAt).toBe(after(2));
  expect(next.items.length).toBeGreaterThan(0);
  const withdrawn = await comes.call('POST', `/api/v1/handovers/${next.id}/end`, {
    body: { to: 'withdrawn', reason: 'натиснуто помилково' },
  });
  expect(Handover.parse(withdrawn.body)).toMatchObject({ state: 'withdrawn', ended: { by: 'duty-68-2' } });
});

test('a region does not read the nation’s, and what is asked wrongly is refused with a code', async () => {
  const own = Handover.parse((await nation.call('POST', '/api/v1/handovers', { body: {} })).body);
  expect(own.items.some(({ id }) => id === `risk/${REGION}`)).toBe(true);
  expect(codeOf(await out.get(`/api/v1/handovers/${own.id}`))).toBe('forbidden');
  expect(
    HandoverPage.parse((await out.get('/api/v1/handovers')).body).items.map(({ id }) => id),
  ).not.toContain(own.id);
  expect(codeOf(await out.get('/api/v1/handovers/00000000-0000-4000-8000-000000000000'))).toBe('not_found');
  expect(codeOf(await out.call('POST', '/api/v1/handovers', { body: { shiftHours: 99 } }))).toBe('invalid');
  expect(codeOf(await nation.call('POST', `/api/v1/handovers/${own.id}/end`, { body: { to: 'over' } }))).toBe(
    'invalid',
  );
  const missing = { itemId: 'no/such', rev: 1 };
  const [, second] = played.servers;
  const other = await second?.signIn('situation-2');
  expect(
    codeOf(
      (await other?.call('POST', `/api/v1/handovers/${own.id}/acknowledgements`, { body: missing })) ?? {
        body: {},
      },
    ),
  ).toBe('conflict');
});

test('a situation room hands over by groups of regions; no region is in two of them', async () => {
  const [first, second] = played.servers;
  const goes = await first?.signIn('situation');
  const comesNow = await second?.signIn('situation-2');
  if (!goes || !comesNow) throw new RangeError('two replicas');
  const open = (caller: Caller, regionIds?: string[]) =>
    caller.call('POST', '/api/v1/handovers', { body: regionIds ? { regionIds } : {} });
  // The whole is open from the test before: no part of it can be opened beside it.
  expect(codeOf(await open(goes, [REGION]))).toBe('conflict');
  const whole = CurrentHandover.parse((await goes.get('/api/v1/handovers/current')).body).handover;
  const withdraw = (id: string) =>
    goes.call('POST', `/api/v1/handovers/${id}/end`, { body: { to: 'withdrawn', reason: 'поділено' } });
  expect((await withdraw(whole?.id ?? '')).status).toBe(200);

  expect(codeOf(await open(goes, ['UA-99']))).toBe('forbidden');
  const part = Handover.parse((await open(goes, [REGION])).body);
  expect(part).toMatchObject({ desk: 'situation', scope: { kind: 'regions', regionIds: [REGION] } });
  expect(part.items.every(({ regionId }) => regionId === REGION)).toBe(true);
  expect(part.items.length).toBeGreaterThan(0);
  // What is open of it stands in the way of the whole and of the same region, and not of another one.
  expect(codeOf(await open(comesNow))).toBe('conflict');
  expect(codeOf(await open(comesNow, [REGION]))).toBe('conflict');
  const other = Handover.parse((await open(comesNow, ['UA-05'])).body);
  const current = CurrentHandover.parse((await goes.get('/api/v1/handovers/current')).body);
  expect(current.handover).toBeNull();
  expect(current.open.map(({ id }) => id).toSorted()).toEqual([part.id, other.id].toSorted());

  // The duty centre of that region has a shift of its own, and no say in this one.
  const [item] = part.items;
  if (!item) throw new RangeError('no item');
  expect(codeOf(await acknowledge(comes, part, item))).toBe('forbidden');
  const own = Handover.parse((await open(out)).body);
  expect(own).toMatchObject({ desk: 'duty', scope: { regionIds: [REGION] } });
  expect(CurrentHandover.parse((await out.get('/api/v1/handovers/current')).body).open).toHaveLength(1);
  expect(codeOf(await acknowledge(comesNow, own, own.items[0] ?? item))).toBe('forbidden');
  expect((await acknowledge(comesNow, part, item)).status).toBe(200);
  for (const [caller, id] of [
    [goes, part.id],
    [comesNow, other.id],
    [out, own.id],
  ] as const)
    await caller.call('POST', `/api/v1/handovers/${id}/end`, {
      body: { to: 'withdrawn', reason: 'кінець перевірки' },
    });
  expect((await open(goes)).status).toBe(201);
});

test('of many who acknowledge at once each item has one name, and none is lost', async () => {
  const current = CurrentHandover.parse((await nation.get('/api/v1/handovers/current')).body).handover;
  if (!current) throw new RangeError('no handover');
  const [one, two] = await Promise.all(played.servers.map((server) => server.signIn('situation-2')));
  if (!one || !two) throw new RangeError('two replicas');
  await Promise.all(
    current.items.flatMap((item) => [one, two].map((caller) => acknowledge(caller, current, item))),
  );
  const after = Handover.parse((await nation.get(`/api/v1/handovers/${current.id}`)).body);
  expect(after.items.map(({ acknowledged }) => acknowledged?.by)).toEqual(
    current.items.map(() => 'situation-2'),
  );
});

test('who is in no area is handed over as well', async () => {
  await played.goTo(minute(3));
  await played.post(FACILITY, [
    caseEvent('APPREHENDED', { id: 20, at: 2, caseName: 'three', person: ADULT }),
    caseEvent('DELIVERED', { id: 21, at: 3, caseName: 'three' }),
  ]);
  await played.goTo(minute(4));
  const { handover } = CurrentHandover.parse((await nation.get('/api/v1/handovers/current')).body);
  const told = handover?.items.filter(({ kind }) => kind === 'unplaced') ?? [];
  expect(told.map(({ id, late, count }) => [id, late, count])).toEqual([[`unplaced/${REGION}`, true, 1]]);
  expect(told[0]?.entries[0]).toMatchObject({ facilityId: FACILITY });
  expect(told[0]?.entries[0]?.caseId).toMatch(/three/);
});
