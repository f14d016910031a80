import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorCode } from '#contract/errors.ts';
import { LIVE_MESSAGES } from '#contract/live.ts';
import { MEDIA_MESSAGES } from '#contract/media.ts';
import { openConsole, openSession, postEvents, type Session } from './fixtures/api.ts';
import { type System, startSystem } from './fixtures/system.ts';
import { sampleNation } from './fixtures/tiles.ts';

const [area, ...others] = sampleNation().areas;
const foreign = others.find(({ facilityId }) => facilityId !== area?.facilityId);
if (!area || !foreign) throw new Error('the sample nation has no such areas');

let system: System;
let session: Session;

beforeAll(async () => {
  system = await startSystem();
  session = await openSession(system.url, 'situation');
});

afterAll(async () => {
  await system?.[Symbol.asyncDispose]();
});

const at = new Date().toISOString();
const check = (over: object = {}) => ({
  id: crypto.randomUUID(),
  type: 'CELL_CHECK',
  areaId: area.id,
  occurredAt: at,
  recordedAt: at,
  recordedBy: 'e2e',
  ...over,
});
const key = () => system.facilityKeys()[area.facilityId] ?? '';

async function problemOf(reply: Response): Promise<{ status: number; code: string }> {
  expect(reply.headers.get('content-type')).toContain('application/problem+json');
  const problem = (await reply.json()) as { status: number; code: string; stack?: string };
  expect(problem.status).toBe(reply.status);
  expect(problem).not.toHaveProperty('stack');
  expect(ErrorCode.safeParse(problem.code).success).toBe(true);
  return { status: reply.status, code: problem.code };
}

describe('HTTP refuses with a code', () => {
  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${system.url}/api/v1/custody/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key()}`, 'content-type': 'application/json', ...headers },
      body,
    });

  it('malformed JSON, unknown fields and a body of 10 MB', async () => {
    expect(await problemOf(await post('{"events":['))).toEqual({ status: 400, code: 'malformed' });
    expect(await problemOf(await post(JSON.stringify({ events: [check()], more: 1 })))).toEqual({
      status: 422,
      code: 'invalid',
    });
    expect(await problemOf(await post(JSON.stringify({ events: ['x'.repeat(10_000_000)] })))).toEqual({
      status: 413,
      code: 'too_large',
    });
    expect(await problemOf(await post('a=b', { 'content-type': 'text/plain' }))).toEqual({
      status: 415,
      code: 'unsupported_media_type',
    });
  });

  it('a wrong key, no session, a path and a method that do not exist', async () => {
    expect((await problemOf(await postEvents(system.url, 'vk_nobody_nothing', [check()]))).status).toBe(401);
    expect(await problemOf(await fetch(`${system.url}/api/v1/areas`))).toEqual({
      status: 401,
      code: 'unauthenticated',
    });
    expect(await problemOf(await session.get('/api/v1/nothing'))).toEqual({ status: 404, code: 'not_found' });
    expect(await problemOf(await session.post('/api/v1/areas', {}))).toEqual({
      status: 405,
      code: 'method_not_allowed',
    });
    expect(await problemOf(await session.get('/api/v1/areas/no-such-area'))).toEqual({
      status: 404,
      code: 'unknown_area',
    });
    expect(await problemOf(await session.get('/api/v1/areas?nonsense=1'))).toEqual({
      status: 422,
      code: 'invalid',
    });
  });

  it('each bad event of a batch, and takes the good ones', async () => {
    const good = check();
    const reply = await postEvents(system.url, key(), [
      good,
      check({ areaId: 'no-such-area' }),
      check({ areaId: foreign.id }),
      check({ id: 'not-a-uuid' }),
      check({ occurredAt: 17 }),
      check({ surprise: true }),
      null,
      good,
    ]);
    expect(reply.status).toBe(200);
    const { results } = (await reply.json()) as { results: { status: string; code?: string }[] };
    expect(results.map(({ status, code }) => code ?? status)).toEqual([
      'accepted',
      'unknown_area',
      'wrong_facility',
      'invalid',
      'invalid',
      'invalid',
      'invalid',
      'duplicate',
    ]);
  });
});

describe('every socket message', () => {
  const asked = [
    LIVE_MESSAGES.subscribe,
    MEDIA_MESSAGES.join,
    MEDIA_MESSAGES.connect,
    MEDIA_MESSAGES.watch,
    MEDIA_MESSAGES.resume,
    MEDIA_MESSAGES.pause,
    MEDIA_MESSAGES.layers,
    MEDIA_MESSAGES.unwatch,
  ];
  const garbage: unknown[] = [
    null,
    17,
    'text',
    [],
    [[[]]],
    { __proto__: null, constructor: 'x' },
    { feeds: 'all' },
    { regions: [1] },
    { consumerIds: [{}] },
    true,
  ];

  it.each(asked)('%s: wrong types get a coded refusal, and the page stays connected', async (name) => {
    const socket = await openConsole(system.url, session.cookie);
    try {
      for (const payload of garbage) {
        const reply = await socket.timeout(5_000).emitWithAck(name, payload);

        expect(reply, JSON.stringify(payload)).toMatchObject({ ok: false });
        expect(ErrorCode.safeParse(reply.code).success).toBe(true);
        expect(reply.code).not.toBe('internal');
      }
      expect(socket.connected).toBe(true);
    } finally {
      socket.close();
    }
  });

  it('does not bring anything down', async () => {
    expect(await system.ready()).toBe(true);
    expect(system.log()).not.toMatch(/uncaught|unhandled|restart/i);
  });
});
