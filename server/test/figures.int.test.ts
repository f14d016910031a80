import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DIGEST_COUNTS, DigestReply, FiguresReply } from '#contract/figures.ts';
import { limits } from '../../config/norms/norms.ts';
import type { Principal } from '../access/decide.ts';
import { keys } from '../adapters/redis/keys.ts';
import { EventStore } from '../custody/event-store.ts';
import { DarkStore } from '../figures/dark/dark-store.ts';
import { planLook } from '../figures/dark/plan-look.ts';
import { createFiguresModule } from '../figures/module.ts';
import { callRoute } from './fixtures/call-route.ts';
import { detention, shuffled } from './fixtures/detentions.ts';
import { eventually } from './fixtures/eventually.ts';
import { person, smallRegistry } from './fixtures/nation.ts';
import { NO_AUDIT } from './fixtures/no-audit.ts';
import { QUIET_LOG } from './fixtures/quiet-log.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';

const REGION = 'UA-68';
const FACILITY = 'ua-68-itt-1';
const NOW = Date.parse('2026-11-22T12:00:00.000Z');
const HOUR_MS = 3_600_000;
const SITUATION = person('situation');
const DUTY = person('duty', { kind: 'regions', regionIds: [REGION] });
const INSPECTOR = person('inspector', { kind: 'facilities', facilityIds: [FACILITY] });

let server: TestRedis;
beforeAll(async () => {
  server = await startTestRedis();
});
afterAll(() => server[Symbol.asyncDispose]());

async function openReplica(on: TestRedis, nowMs = NOW) {
  const redis = await on.connect();
  const figures = createFiguresModule({
    redis,
    registry: smallRegistry(),
    dark: new DarkStore(redis),
    limits: limits(),
    audit: NO_AUDIT,
    now: () => nowMs,
    log: QUIET_LOG,
    everyMs: 10,
  });
  const get = (path: string, query: object, principal: Principal, response = {}) =>
    callRoute(figures.routes, 'get', path, { principal, query, response });
  return {
    redis,
    events: new EventStore(redis),
    read: async (principal: Principal, query: object = {}) =>
      FiguresReply.parse(await get('/api/v1/figures', query, principal)),
    csv: async (principal: Principal, query: object) => {
      let text = '';
      const response = {
        type: () => response,
        attachment: () => response,
        send: (body: string) => {
          text = body;
          return response;
        },
      };
      await get('/api/v1/figures', { ...query, format: 'csv' }, principal, response);
      return text;
    },
    digest: async (month: string) =>
      DigestReply.parse(await get('/api/v1/figures/digest', { month }, SITUATION)),
    [Symbol.asyncDispose]: () => figures[Symbol.asyncDispose](),
  };
}

/** Until the last event of a region is counted. */
async function counted(on: TestRedis, regionId = REGION) {
  const redis = await on.connect();
  const [last] = (await redis.xRevRange(keys.custody(regionId), '+', '-', { COUNT: 1 })) ?? [];
  await eventually(async () => (await redis.get(keys.figuresPosition(regionId)))?.split(' ')[1]).toBe(
    last?.id,
  );
}

test('figures of a detention: for the nation, a region and a facility, each for those whose it is', async () => {
  await using here = await openReplica(server);
  const placed = { regionId: REGION, facilityId: FACILITY };
  const all = Array.from({ length: 6 }, () => detention(FACILITY, NOW - 10 * HOUR_MS));
  for (const events of all) await here.events.accept(placed, events, { receivedAtMs: NOW });
  await counted(server);
  const closed = all.filter((events) => events.some(({ type }) => type === 'RELEASED')).length;
  const nation = await here.read(SITUATION);
  expect(nation).toMatchObject({ from: '2026-11-01', to: '2026-11-22', complete: true, sample: true });
  expect(nation.total.figures).toMatchObject({ begun: 6, closed });
  expect(nation.rows.map(({ place, figures }) => [place, figures.begun])).toEqual([
    [{ kind: 'region', regionId: REGION }, 6],
    [{ kind: 'region', regionId: 'UA-05' }, 0],
  ]);
  expect(nation.days.at(-1)).toMatchObject({ day: '2026-11-22', begun: 6 });
  // Nobody has looked at the cameras, so that is what is said of all of the time.
  expect(nation.total.figures.dark).toEqual([
    { cause: 'unknown', seconds: nation.total.figures.heldSeconds },
  ]);
  const duty = await here.read(DUTY);
  expect(duty.total.place).toEqual({ kind: 'scope' });
  expect(duty.rows.map(({ place }) => place.kind)).toEqual(['facility', 'facility']);
  expect((await here.read(INSPECTOR)).rows).toHaveLength(1);
  expect((await here.read(INSPECTOR, { facility: FACILITY })).total.figures.begun).toBe(6);
  expect((await here.read(SITUATION, { from: '2026-11-01', to: '2026-11-21' })).total.figures.begun).toBe(0);
  const csv = await here.csv(SITUATION, {});
  expect(csv).toContain('from,to,as_of,level,place,measure,detail,value\r\n');
  expect(csv).toContain('region,UA-68,cases,begun,6\r\n');
  for (const attempt of [
    () => here.read(DUTY, { region: 'UA-05' }),
    () => here.read(INSPECTOR, { region: REGION }),
    () => here.read(INSPECTOR, { facility: 'ua-68-itt-2' }),
    () => here.read(person('admin')),
    () => here.read(person('oncall')),
  ])
    await expect(attempt()).rejects.toMatchObject({ code: 'forbidden' });
});

test('what is asked wrongly is refused with the field that is wrong', async () => {
  await using here = await openReplica(server);
  const ask = (query: object) => here.read(SITUATION, query);
  await expect(ask({ from: '2026-11-23', to: '2026-11-22' })).rejects.toMatchObject({ code: 'invalid' });
  await expect(ask({ from: '2020-01-01', to: '2026-11-22' })).rejects.toMatchObject({ code: 'invalid' });
  await expect(ask({ from: '2026-02-30' })).rejects.toMatchObject({ issues: [{ path: ['from'] }] });
  await expect(ask({ form: '2026-11-01' })).rejects.toMatchObject({ issues: [{ path: ['form'] }] });
  await expect(ask({ region: 'UA-99' })).rejects.toMatchObject({ code: 'unknown_region' });
  await expect(ask({ facility: 'no-such' })).rejects.toMatchObject({ code: 'unknown_facility' });
  await expect(ask({ facility: FACILITY, region: 'UA-05' })).rejects.toMatchObject({
    code: 'unknown_facility',
  });
  await expect(here.digest('2026-13')).rejects.toMatchObject({ code: 'invalid' });
});

test('replicas come and go, Redis is killed, events come in any order: counted once, and anew the same', async () => {
  await using own = await startTestRedis();
  const placed = { regionId: REGION, facilityId: FACILITY };
  const events = shuffled(Array.from({ length: 20 }, () => detention(FACILITY, NOW - 20 * HOUR_MS)).flat());
  await using steady = await openReplica(own);
  for (let from = 0; from < events.length; from += 12) {
    const replica = await openReplica(own);
    await eventually(async () => {
      try {
        const accepted = await steady.events.accept(placed, events.slice(from, from + 12), {
          receivedAtMs: NOW,
        });
        return accepted.length > 0;
      } catch {
        return false;
      }
    }).toBe(true);
    await replica[Symbol.asyncDispose]();
    if (from % 48 === 36) {
      await own.kill();
      await own.start();
    }
  }
  await counted(own);
  const before = (await steady.read(SITUATION)).total.figures;
  expect(before.begun).toBe(20);
  // Counted by another version: everything is counted from the first event on.
  await steady.redis.set(keys.figuresPosition(REGION), '0-other 0-0 0-0 0');
  await counted(own);
  await using later = await openReplica(own, NOW);
  expect((await later.read(SITUATION)).total.figures).toEqual(before);
});

test('a spell that is over after the case was closed is counted when it is', async () => {
  await using own = await startTestRedis();
  await using here = await openReplica(own);
  const dark = new DarkStore(here.redis);
  const cell = `${FACILITY}-cell-1`;
  const startMs = NOW - 5 * HOUR_MS;
  const look = async (atMs: number, isDark: boolean) => {
    const before = await dark.load(REGION);
    const seen = new Map(isDark ? [[cell, { cause: 'network' as const, sinceMs: atMs }]] : []);
    await dark.commit(
      REGION,
      before,
      planLook(before.record, { dark: seen, lightSinceMs: () => atMs }, atMs),
    );
  };
  await look(startMs, false);
  await look(startMs + 5_000, true);
  const caseId = `cr-${randomUUID()}`;
  const event = (type: 'CELL_PLACED' | 'RELEASED', atMs: number) => {
    const at = new Date(atMs).toISOString();
    const area = type === 'CELL_PLACED' ? { areaId: cell } : {};
    return { id: randomUUID(), type, occurredAt: at, recordedAt: at, recordedBy: 'a', caseId, ...area };
  };
  const events = [event('CELL_PLACED', startMs + 6_000), event('RELEASED', startMs + 12_000)];
  await here.events.accept({ regionId: REGION, facilityId: FACILITY }, events, { receivedAtMs: NOW });
  await counted(own);
  await look(startMs + 14_000, true);
  await look(startMs + 20_000, false);
  const [news] = (await here.redis.xRevRange(keys.darkNews(REGION), '+', '-', { COUNT: 1 })) ?? [];
  await eventually(async () => (await here.redis.get(keys.figuresPosition(REGION)))?.split(' ')[2]).toBe(
    news?.id,
  );
  expect((await here.read(SITUATION)).total.figures.dark).toEqual([{ cause: 'network', seconds: 6 }]);
});

test('a digest tells no small number, and keeps law, guidance and what was never recorded apart', async () => {
  await using own = await startTestRedis();
  await using here = await openReplica(own);
  const send = async (facilityId: string, people: number) => {
    const regionId = facilityId.startsWith('ua-05') ? 'UA-05' : REGION;
    const events = Array.from({ length: people }, () => detention(facilityId, NOW - 30 * HOUR_MS))
      .flat()
      .filter(({ type }) => type !== 'LAWYER_ASSIGNED' && type !== 'LAWYER_ARRIVED');
    for (let from = 0; from < events.length; from += 50)
      await here.events.accept({ regionId, facilityId }, events.slice(from, from + 50), {
        receivedAtMs: NOW,
      });
    await counted(own, regionId);
  };
  await send(FACILITY, 9);
  await send('ua-05-itt-1', 3);
  const digest = await here.digest('2026-11');
  expect(digest).toMatchObject({ provisional: true, sample: true, smallest: 5 });
  const rowOf = (id: string) => digest.rows.find(({ regionId }) => regionId === id)?.cells ?? {};
  expect(rowOf('UA-05')).toMatchObject({ begun: { is: 'few' }, lawyerNever: { is: 'few' } });
  // Nobody was recorded as coming late: those without any lawyer are told by themselves, not left out.
  expect(rowOf('UA-05')).toMatchObject({ lawyerLate: { is: 'value', value: 0 } });
  const seen = (await here.read(SITUATION)).rows.find(
    ({ place }) => place.kind === 'region' && place.regionId === REGION,
  );
  expect(seen?.figures.lawyer).toMatchObject({ unassigned: 9, within1h: 0 });
  for (const { cells } of digest.rows) {
    expect(Object.keys(cells)).toEqual(expect.arrayContaining([...DIGEST_COUNTS]));
    for (const column of DIGEST_COUNTS) {
      const cell = cells[column];
      if (cell?.is === 'value') expect(cell.value === 0 || cell.value >= 5, column).toBe(true);
    }
  }
});
