import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { Problem } from '#contract/errors.ts';
import type { FeedHealth } from '#contract/feeds.ts';
import { POSTER_TAKEN_AT_HEADER } from '#contract/posters.ts';
import { SFU_KEYS } from '#contract/registry.ts';
import { createLiveWriter } from '../live/live-writer.ts';
import { areaStatus } from './fixtures/live-records.ts';
import { readAudit } from './fixtures/media-replica.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';
import { type Caller, startTestServer, type TestServer } from './fixtures/server.ts';

const CELL = 'ua-68-itt-1-cell-1';
const FEED = `${CELL}-cam-1`;
const OTHER_FEED = 'ua-05-itt-1-cell-1-cam-1';
const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8]), randomBytes(5_000), Buffer.from([0xff, 0xd9])]);
/** The one feed of the sample nation of which a node covers something, and what. */
const MASKED_FEED = 'ua-68-itt-2-cell-3-cam-1';
const MASK = { x: 0.7, y: 0.3, width: 0.28, height: 0.6 };
const NODE = 'sfu-1';

let redis: TestRedis;
let client: Awaited<ReturnType<TestRedis['connect']>>;
let server: TestServer;
let duty: Caller;
beforeAll(async () => {
  redis = await startTestRedis();
  client = await redis.connect();
  server = await startTestServer({ redisUrl: redis.url });
  duty = await server.signIn('duty-68');
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});
beforeEach(() => client.del([SFU_KEYS.poster(FEED), SFU_KEYS.poster(OTHER_FEED)]));

const keep = (feedId: string, at: string) => client.hSet(SFU_KEYS.poster(feedId), { jpeg: JPEG, at });
const isKept = () => client.hExists(SFU_KEYS.poster(FEED), 'jpeg').then(Boolean);
const secondsAgo = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();
const posterOf = (feedId: string) => `/api/v1/feeds/${feedId}/poster.jpg`;
const ask = (caller: Caller, feedId = FEED) =>
  fetch(server.origin + posterOf(feedId), { headers: { cookie: caller.cookie } });
const refusal = async (caller: Caller, feedId = FEED) => {
  const reply = await caller.get(posterOf(feedId));
  return [reply.status, Problem.parse(reply.body).code];
};
const setArea = (change: Parameters<typeof areaStatus>[1]) =>
  createLiveWriter({ redis: client, now: Date.now }).commit('UA-68', { areas: [areaStatus(CELL, change)] });

describe('the still of a feed', () => {
  test('comes as it was taken, with its age, and is kept by nobody', async () => {
    const at = secondsAgo(83);
    await keep(FEED, at);
    const reply = await ask(duty);
    expect(reply.status).toBe(200);
    expect(Buffer.from(await reply.arrayBuffer()).equals(JPEG)).toBe(true);
    expect(reply.headers.get('content-type')).toBe('image/jpeg');
    expect(reply.headers.get('cache-control')).toBe('private, no-store');
    expect(reply.headers.get(POSTER_TAKEN_AT_HEADER)).toBe(at);
    expect(Number(reply.headers.get('age'))).toBeGreaterThanOrEqual(83);
    expect(Number(reply.headers.get('age'))).toBeLessThan(90);
    expect(Date.parse(reply.headers.get('last-modified') ?? '')).toBe(
      Math.floor(Date.parse(at) / 1000) * 1000,
    );
    expect(reply.headers.get('etag')).toBeNull();
  });

  test('there is none, or none that can be read: not found', async () => {
    expect(await refusal(duty)).toEqual([404, 'not_found']);
    await client.hSet(SFU_KEYS.poster(FEED), { jpeg: JPEG, at: 'yesterday' });
    expect(await refusal(duty)).toEqual([404, 'not_found']);
    expect(await refusal(duty, 'ua-68-itt-1-cell-1-cam-99')).toEqual([404, 'unknown_feed']);
  });

  test('is not shown of a feed with a mask unless all of that was covered when it was taken', async () => {
    const statusWith = async (masks: object[] | undefined) => {
      const masked = masks ? { masks: JSON.stringify(masks) } : {};
      await client.del(SFU_KEYS.poster(MASKED_FEED));
      await client.hSet(SFU_KEYS.poster(MASKED_FEED), { jpeg: JPEG, at: secondsAgo(1), ...masked });
      return (await ask(duty, MASKED_FEED)).status;
    };
    expect(await statusWith(undefined)).toBe(404);
    expect(await statusWith([])).toBe(404);
    expect(await statusWith([{ ...MASK, width: 0.27 }])).toBe(404);
    expect(await statusWith([MASK])).toBe(200);
    expect(await statusWith([{ x: 0, y: 0, width: 1, height: 1 }])).toBe(200);
  });

  test('is for those who may watch the area', async () => {
    await Promise.all([keep(FEED, secondsAgo(1)), keep(OTHER_FEED, secondsAgo(1))]);
    expect(await refusal(duty, OTHER_FEED)).toEqual([403, 'forbidden']);
    expect(await refusal(await server.signIn('admin'))).toEqual([403, 'forbidden']);
    expect(await refusal(server.stranger())).toEqual([401, 'unauthenticated']);
    expect((await ask(await server.signIn('situation'), OTHER_FEED)).status).toBe(200);
    await expect
      .poll(async () => (await readAudit(redis, 'UA-05')).map(({ action, outcome }) => [action, outcome]))
      .toContainEqual(['feed.watch', 'refused']);
  });

  test('is not given while the area is closed, and is gone when it opens again', async () => {
    await keep(FEED, secondsAgo(5));
    await setArea({ confidentialSince: new Date().toISOString() });
    await vi.waitFor(async () => expect(await refusal(duty)).toEqual([403, 'confidential']));
    await vi.waitFor(async () => expect(await isKept()).toBe(false));
    // By a node that has not heard of it.
    await keep(FEED, secondsAgo(0));
    await setArea({});
    await vi.waitFor(async () => expect(await refusal(duty)).toEqual([404, 'not_found']));
    expect(await isKept()).toBe(false);
    await keep(FEED, secondsAgo(0));
    expect((await ask(duty)).status).toBe(200);
  });

  test('is on record, with the picture that was seen, once for the same person and feed', async () => {
    const at = secondsAgo(40);
    await keep(FEED, at);
    const oversight = await server.signIn('oversight');
    await Promise.all(Array.from({ length: 5 }, () => ask(oversight)));
    const looks = async () =>
      (await readAudit(redis, 'UA-68')).filter(
        ({ action, actor }) => action === 'poster.view' && actor.id === 'oversight',
      );
    await expect.poll(looks, { timeout: 10_000 }).toHaveLength(1);
    expect((await looks())[0]).toMatchObject({ outcome: 'done', details: { [FEED]: at } });
  });
});

describe('the figures of a feed', () => {
  const health = (at: string): FeedHealth => ({
    feedId: FEED,
    layers: [{ layer: 'low', bitrateBps: 120_000, fps: 15, keyframeIntervalMs: 2_000, loss: 0, jitterMs: 3 }],
    lastKeyframeAt: at,
    lastFrameAt: at,
    at,
  });
  const healthOf = (feedId = FEED) => `/api/v1/feeds/${feedId}/health`;

  test('are those of the node that has it, for those who may know the area', async () => {
    expect((await duty.get(healthOf())).status).toBe(404);
    const at = secondsAgo(2);
    await client.sAdd(SFU_KEYS.nodes, NODE);
    const record = {
      nodeId: NODE,
      controlUrl: 'http://127.0.0.1:9',
      regionId: null,
      workers: 1,
      load: 0,
      viewers: 0,
      feeds: 1,
      draining: false,
      deaf: false,
      gone: false,
      startedAt: at,
      at,
    };
    await client.set(SFU_KEYS.node(NODE), JSON.stringify(record));
    await client.hSet(SFU_KEYS.health(NODE), FEED, JSON.stringify(health(at)));
    await client.hSet(SFU_KEYS.health('sfu-dead'), FEED, JSON.stringify(health(secondsAgo(0))));
    await vi.waitFor(async () => expect((await duty.get(healthOf())).body).toEqual(health(at)), {
      timeout: 10_000,
    });
    expect((await duty.get(healthOf(OTHER_FEED))).status).toBe(403);
    expect((await (await server.signIn('admin')).get(healthOf())).status).toBe(403);
  });
});
