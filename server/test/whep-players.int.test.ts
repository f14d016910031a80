import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { VartaError } from '#contract/errors.ts';
import { eventually } from '../../sfu/test/fixtures/eventually.ts';
import { keys } from '../adapters/redis/keys.ts';
import { type Player, PlayerStore } from '../media/whep/player-store.ts';
import { Players } from '../media/whep/players.ts';
import { person, smallRegistry } from './fixtures/nation.ts';
import { QUIET_LOG } from './fixtures/quiet-log.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';

const FEED = 'ua-68-itt-1-cell-2-cam-1';

type Options = ConstructorParameters<typeof Players>[0];

let redis: TestRedis;
let connection: Awaited<ReturnType<TestRedis['connect']>>;

beforeAll(async () => {
  redis = await startTestRedis();
  connection = await redis.connect();
});
afterAll(() => redis?.[Symbol.asyncDispose]());
beforeEach(() => connection.flushAll());

/** Players of a replica whose nodes do as they are told: `answer` is what a request to a node comes to. */
function startPlayers(answer: (nodeId: string, message: string, payload: unknown) => Promise<unknown>) {
  const clock = { ms: Date.now() };
  const store = new PlayerStore(connection);
  const players = new Players({
    store,
    links: {
      has: () => true,
      request: (({ nodeId, message }, payload) =>
        answer(nodeId, message, payload)) as Options['links']['request'],
    },
    finder: { find: async () => 'sfu-one' },
    signer: { signView: async (_nodeId, viewerId) => viewerId },
    registry: smallRegistry(),
    view: { current: true, area: () => undefined, flagsOf: () => [] },
    purposes: { byClass: async () => new Map() },
    viewings: { noteBegin: () => {}, hasRoom: true },
    personOf: async () => person('situation'),
    newId: randomUUID,
    log: QUIET_LOG,
    now: () => clock.ms,
  });
  const begin = async (nodeId: string, index = 0): Promise<Player> => {
    const player: Player = {
      viewerId: `p-${nodeId}-${index}`,
      nodeId,
      resourceId: randomUUID(),
      feedId: FEED,
      sessionId: `session-${nodeId}-${index}`,
      person: person('situation'),
      startedAtMs: clock.ms,
      isEnding: false,
    };
    expect(await store.begin(player, clock.ms)).toBe(true);
    return player;
  };
  return { players, begin, clock };
}

test('a player that was ended stays so, though its node did not answer at first', async () => {
  const heard: string[] = [];
  let hangs = true;
  const { players, begin, clock } = startPlayers(async (_nodeId, message) => {
    heard.push(message);
    if (hangs) throw new VartaError('sfu_timeout');
    return {};
  });
  const player = await begin('sfu-one');
  await players.stop(player);
  await expect(players.find(player.viewerId)).rejects.toMatchObject({ code: 'unknown_resource' });
  hangs = false;
  clock.ms += 1_000;
  await players.tick();
  await players[Symbol.asyncDispose]();
  expect(heard).toEqual(['viewer:leave', 'viewer:leave']);
  expect(await connection.hLen(keys.players)).toBe(0);
});

test('players of a node that answers are renewed while another one hangs, for which little is under way', async () => {
  const renewed = new Set<string>();
  const asked = new Map<string, number>();
  const stuck = Promise.withResolvers<void>();
  const { players, begin, clock } = startPlayers(async (nodeId, _message, payload) => {
    asked.set(nodeId, (asked.get(nodeId) ?? 0) + 1);
    if (nodeId === 'sfu-stuck') await stuck.promise;
    else renewed.add((payload as { grant: string }).grant);
    return {};
  });
  // More than a batch, and more than may be under way at one node; they come first.
  for (let index = 0; index < 700; index += 1) await begin('sfu-stuck', index);
  clock.ms += 1;
  for (let index = 0; index < 300; index += 1) await begin('sfu-well', index);

  await players.tick();
  await eventually('all of the other node', () => renewed.size === 300);
  expect(asked.get('sfu-stuck')).toBe(500);
  // The next round finds them due again, and the others renewed.
  clock.ms += 3_000;
  await players.tick();
  expect(asked).toEqual(
    new Map([
      ['sfu-stuck', 500],
      ['sfu-well', 300],
    ]),
  );
  stuck.resolve();
  await players[Symbol.asyncDispose]();
});
