import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { LIVE_MESSAGES, LiveDeltas, LiveRegistry, LiveSnapshot, RegionDelta } from '#contract/live.ts';
import { limits } from '../../config/norms/norms.ts';
import type { Principal } from '../access/decide.ts';
import { keys } from '../adapters/redis/keys.ts';
import { MirroredView } from '../live/mirrored-view.ts';
import { createLiveModule } from '../live/module.ts';
import { callRoute } from './fixtures/call-route.ts';
import { startConsoles } from './fixtures/consoles.ts';
import { eventually } from './fixtures/eventually.ts';
import { areaStatus, feedStatus, flagOn } from './fixtures/live-records.ts';
import { person, smallRegistry } from './fixtures/nation.ts';
import { NO_AUDIT } from './fixtures/no-audit.ts';
import { QUIET_LOG } from './fixtures/quiet-log.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';

const CELL = 'ua-68-itt-1-cell-1';
const OTHER_CELL = 'ua-68-itt-2-cell-1';
const FAR_CELL = 'ua-05-itt-1-cell-1';
const INSPECTOR = person('inspector', { kind: 'facilities', facilityIds: ['ua-68-itt-2'] });
const DUTY = person('duty', { kind: 'regions', regionIds: ['UA-68'] });

let server: TestRedis;

beforeAll(async () => {
  server = await startTestRedis();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

async function openModule(on: TestRedis = server) {
  return createLiveModule({
    redis: await on.connect(),
    newConnection: () => on.connect(),
    registry: smallRegistry(),
    limits: limits(),
    audit: NO_AUDIT,
    now: Date.now,
    log: QUIET_LOG,
  });
}

function follow(view: MirroredView | Awaited<ReturnType<typeof openModule>>['view'], regionId = 'UA-68') {
  const deltas: RegionDelta[] = [];
  view.onDelta((delta) => {
    if (delta.regionId === regionId) deltas.push(delta);
  });
  return deltas;
}

test('what one replica writes, every replica mirrors, in order', async () => {
  await using first = await openModule();
  await using second = await openModule();
  const before = second.view.snapshot('UA-68').seq;
  const heard = follow(second.view);
  const numbers = await Promise.all(
    Array.from({ length: 50 }, (_, headcount) =>
      first.writer.commit('UA-68', { areas: [areaStatus(CELL, { headcount })], feeds: [feedStatus(CELL)] }),
    ),
  );
  await eventually(() => heard.length).toBe(50);
  expect(heard.map(({ seq }) => seq)).toEqual(numbers.toSorted((a, b) => a - b));
  expect(heard[0]?.seq).toBe(before + 1);
  expect(second.view.area(CELL)).toEqual(areaStatus(CELL, { headcount: 49 }));
  expect(second.view.feed(`${CELL}-cam-1`)).toEqual(feedStatus(CELL));
  await using third = await openModule();
  expect(third.view.snapshot('UA-68')).toEqual(second.view.snapshot('UA-68'));
  expect(third.view.current).toBe(true);
});

test('a commit of nothing says the last number and tells nobody', async () => {
  await using live = await openModule();
  const seq = await live.writer.commit('UA-05', { feeds: [feedStatus(FAR_CELL)] });
  expect(await live.writer.commit('UA-05', {})).toBe(seq);
  expect(await live.writer.commit('UA-05', { feeds: [] })).toBe(seq);
});

test('after Redis was away, the mirror catches up without a number missing', async () => {
  await using own = await startTestRedis();
  await using writer = await openModule(own);
  await using live = await openModule(own);
  await writer.writer.commit('UA-68', { areas: [areaStatus(CELL)] });
  const heard = follow(live.view);
  await eventually(() => live.view.snapshot('UA-68').seq).toBe(1);

  await own.kill();
  await eventually(() => live.view.current).toBe(false);
  await expect(writer.writer.commit('UA-68', { areas: [areaStatus(CELL)] })).rejects.toThrow();
  expect(live.view.area(CELL)).toEqual(areaStatus(CELL));
  await own.start();
  await eventually(() => live.view.current && writer.view.current).toBe(true);
  await writer.writer.commit('UA-68', { areas: [areaStatus(CELL, { headcount: 3 })] });
  await eventually(() => live.view.area(CELL)?.headcount).toBe(3);
  expect(heard.at(-1)?.seq).toBe(2);
});

test('news that never came is noticed with the next, and made up for under every number', async () => {
  await using live = await openModule();
  await live.writer.commit('UA-68', { areas: [areaStatus(CELL)] });
  await eventually(() => live.view.area(CELL)?.headcount).toBe(0);
  const { seq } = live.view.snapshot('UA-68');
  const heard = follow(live.view);
  // Written, numbered, and never told: a flag that came, and one that is closed by the time we look.
  const redis = await server.connect();
  const flag = flagOn(CELL);
  await redis.hSet(keys.areas('UA-68'), OTHER_CELL, JSON.stringify(areaStatus(OTHER_CELL, { headcount: 1 })));
  await redis.hSet(keys.openFlags('UA-68'), flag.id, JSON.stringify(flag));
  await redis.incrBy(keys.seq('UA-68'), 3);
  expect(live.view.area(OTHER_CELL)).toBeUndefined();

  await live.writer.commit('UA-68', { feeds: [feedStatus(CELL, { state: 'lost' })] });
  await eventually(() => heard.length).toBe(4);
  expect(heard.map((delta) => delta.seq)).toEqual([seq + 1, seq + 2, seq + 3, seq + 4]);
  expect(heard.at(-1)).toMatchObject({
    areas: [areaStatus(OTHER_CELL, { headcount: 1 })],
    feeds: [feedStatus(CELL, { state: 'lost' })],
    flags: [flag],
  });
  expect(live.view.flag(flag.id)).toEqual(flag);
  expect(live.view.flagsOf(CELL)).toEqual([flag]);

  // The flag was closed while nobody listened: it is heard of once more, in its last state.
  const closed = { ...flag, state: 'dismissed', version: 2 } as const;
  await redis.hSet(keys.flags('UA-68'), flag.id, JSON.stringify(closed));
  await redis.hDel(keys.openFlags('UA-68'), flag.id);
  await redis.incr(keys.seq('UA-68'));
  await live.writer.commit('UA-68', { areas: [areaStatus(CELL)] });
  await eventually(() => heard.at(-1)?.flags).toEqual([closed]);
  expect(live.view.flag(flag.id)).toBeUndefined();
});

test('news that never came is noticed even when nothing follows', async () => {
  const redis = await server.connect();
  await using view = await MirroredView.create({
    redis,
    newConnection: () => server.connect(),
    registry: smallRegistry(),
    now: Date.now,
    log: QUIET_LOG,
    watchdogMs: 20,
  });
  await redis.hSet(keys.areas('UA-05'), FAR_CELL, JSON.stringify(areaStatus(FAR_CELL, { headcount: 2 })));
  await redis.incr(keys.seq('UA-05'));
  await eventually(() => view.area(FAR_CELL)?.headcount).toBe(2);
});

test('a record that cannot be read costs itself only', async () => {
  const redis = await server.connect();
  await redis.hSet(keys.areas('UA-05'), 'ua-05-itt-1-cell-2', '{"headcount":"many"}');
  await using live = await openModule();
  expect(live.view.current).toBe(true);
  expect(live.view.area('ua-05-itt-1-cell-2')).toBeUndefined();
  await redis.publish(keys.live('UA-05'), 'not a delta');
  await live.writer.commit('UA-05', { areas: [areaStatus(FAR_CELL, { headcount: 4 })] });
  await eventually(() => live.view.area(FAR_CELL)?.headcount).toBe(4);
  await redis.hDel(keys.areas('UA-05'), 'ua-05-itt-1-cell-2');
});

test('a listener that fails spoils nothing for the others', async () => {
  await using live = await openModule();
  live.view.onDelta(() => {
    throw new Error('bad listener');
  });
  const heard = follow(live.view);
  await live.writer.commit('UA-68', { areas: [areaStatus(CELL)] });
  await eventually(() => heard.length).toBe(1);
});

test('a snapshot holds what its reader may see', async () => {
  await using live = await openModule();
  await live.writer.commit('UA-68', { areas: [areaStatus(CELL), areaStatus(OTHER_CELL)] });
  await live.writer.commit('UA-05', { areas: [areaStatus(FAR_CELL)] });
  await eventually(() => live.view.area(FAR_CELL)).toBeDefined();
  const read = async (principal: Principal, query: object = {}) => {
    const reply = await callRoute(live.routes, 'get', '/api/v1/live/snapshot', { principal, query });
    return LiveSnapshot.parse(reply).regions.map(({ regionId, areas }) => [
      regionId,
      areas
        .map(({ areaId }) => areaId)
        .filter((id) => id.endsWith('cell-1'))
        .sort(),
    ]);
  };

  expect(await read(person('situation'))).toEqual([
    ['UA-68', [CELL, OTHER_CELL]],
    ['UA-05', [FAR_CELL]],
  ]);
  expect(await read(person('situation'), { region: ['UA-05'] })).toEqual([['UA-05', [FAR_CELL]]]);
  expect(await read(DUTY)).toEqual([['UA-68', [CELL, OTHER_CELL]]]);
  expect(await read(INSPECTOR)).toEqual([['UA-68', [OTHER_CELL]]]);
  await expect(read(DUTY, { region: 'UA-05' })).rejects.toMatchObject({ code: 'forbidden' });
  await expect(read(DUTY, { region: 'UA-99' })).rejects.toMatchObject({ code: 'unknown_region' });
  await expect(read(DUTY, { region: 'x' })).rejects.toMatchObject({ code: 'invalid' });
  await expect(read(DUTY, { regions: 'UA-68' })).rejects.toMatchObject({ code: 'invalid' });
  await expect(read(person('admin'))).rejects.toMatchObject({ code: 'forbidden' });
});

test('the registry is narrowed to the scope, and not sent again to who has it', async () => {
  await using live = await openModule();
  const read = async (principal: Principal, ifNoneMatch?: string) => {
    const sent: Record<string, unknown> = {};
    const response = {
      set: (headers: object) => Object.assign(sent, headers),
      status: (status: number) => Object.assign(response, { end: () => Object.assign(sent, { status }) }),
      type: () => ({ send: (json: string) => Object.assign(sent, { status: 200, json }) }),
    };
    await callRoute(live.routes, 'get', '/api/v1/live/registry', {
      principal,
      request: { headers: { 'if-none-match': ifNoneMatch } },
      response: response as never,
    });
    return sent;
  };
  const whole = await read(person('situation'));
  const registry = LiveRegistry.parse(JSON.parse(String(whole.json)));
  expect([registry.regions.length, registry.facilities.length, registry.areas.length]).toEqual([2, 3, 9]);
  expect(registry.limits).toEqual(limits());
  expect(whole).toMatchObject({ status: 200, 'Cache-Control': 'private, no-cache' });
  expect(await read(person('situation'), `"other", W/${whole.ETag}`)).toMatchObject({ status: 304 });

  const own = await read(INSPECTOR, String(whole.ETag));
  const part = LiveRegistry.parse(JSON.parse(String(own.json)));
  expect(part.facilities.map(({ id }) => id)).toEqual(['ua-68-itt-2']);
  expect(part.regions.map(({ id }) => id)).toEqual(['UA-68']);
  expect(part.areas).toHaveLength(3);
  expect(LiveRegistry.parse(JSON.parse(String((await read(person('admin'))).json))).areas).toHaveLength(9);
});

test('pages hear of what they may see, with no number missing', async () => {
  await using live = await openModule();
  await using consoles = await startConsoles((socket) => live.attachConsole(socket));
  const subscribe = async (principal: Principal, payload: object) => {
    const page = await consoles.open(principal);
    const heard: RegionDelta[] = [];
    let messages = 0;
    page.on(LIVE_MESSAGES.delta, (delta: unknown) => {
      messages += 1;
      heard.push(RegionDelta.parse(delta));
    });
    page.on(LIVE_MESSAGES.deltas, (batch: unknown) => {
      messages += 1;
      heard.push(...LiveDeltas.parse(batch).deltas);
    });
    const answer = await page.emitWithAck(LIVE_MESSAGES.subscribe, payload);
    return { page, heard, answer, messages: () => messages };
  };

  const nation = await subscribe(person('situation'), { regions: [] });
  const batched = await subscribe(person('oversight'), { regions: [], batched: true });
  const duty = await subscribe(DUTY, { regions: ['UA-68'] });
  const inspector = await subscribe(INSPECTOR, { regions: [] });
  const start = live.view.snapshot('UA-68').seq;
  const registry = nation.answer.result.registry;
  expect(duty.answer).toEqual({
    ok: true,
    result: { regions: [{ regionId: 'UA-68', seq: start }], registry },
  });
  expect(nation.answer.result.regions).toHaveLength(2);
  expect((await subscribe(person('admin'), { regions: [] })).answer).toMatchObject({
    ok: false,
    code: 'forbidden',
  });
  expect((await subscribe(DUTY, { regions: ['UA-05'] })).answer).toMatchObject({
    ok: false,
    code: 'forbidden',
  });
  expect((await subscribe(DUTY, { regions: 'all' })).answer).toMatchObject({ ok: false, code: 'invalid' });
  expect(live.subscribed).toBe(4);

  await Promise.all([
    live.writer.commit('UA-68', { areas: [areaStatus(CELL)] }),
    live.writer.commit('UA-68', { areas: [areaStatus(OTHER_CELL)] }),
    live.writer.commit('UA-05', { areas: [areaStatus(FAR_CELL)] }),
  ]);
  const numbered = (heard: RegionDelta[]) => heard.map(({ regionId, seq }) => `${regionId}:${seq - start}`);
  await vi.waitFor(() => {
    expect(nation.heard).toHaveLength(3);
    expect(batched.heard).toHaveLength(3);
    expect(numbered(duty.heard)).toEqual(['UA-68:1', 'UA-68:2']);
    expect(numbered(inspector.heard)).toEqual(['UA-68:1', 'UA-68:2']);
  }, 20_000);
  expect(batched.messages()).toBeLessThan(3);
  expect(inspector.heard.map(({ areas }) => areas)).toEqual([[], [areaStatus(OTHER_CELL)]]);
  expect(duty.heard.map(({ areas }) => areas)).toEqual([[areaStatus(CELL)], [areaStatus(OTHER_CELL)]]);

  // A newer subscription replaces the older one, and a page that is gone leaves nothing behind.
  await nation.page.emitWithAck(LIVE_MESSAGES.subscribe, { regions: ['UA-05'] });
  await live.writer.commit('UA-68', { areas: [areaStatus(CELL)] });
  await eventually(() => duty.heard.length).toBe(3);
  expect(nation.heard).toHaveLength(3);
  for (const { page } of [nation, batched, duty, inspector]) page.disconnect();
  await eventually(() => live.subscribed).toBe(0);
});
