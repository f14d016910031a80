import { expect, test } from 'vitest';
import type { FeedStatus } from '#contract/feeds.ts';
import type { ViewGrant } from '#contract/grants.ts';
import type { AreaStatus } from '#contract/status.ts';
import { createRegistry } from '../../nation/registry.ts';
import { areaStatus, feedStatus } from '../../test/fixtures/live-records.ts';
import { mediaNation } from '../../test/fixtures/media-nation.ts';
import { QUIET_LOG } from '../../test/fixtures/quiet-log.ts';
import type { ControlRequest } from '../links/control-link.ts';
import { Patrol } from './patrol.ts';

const YARDS = ['ua-68-itt-1-yard', 'ua-46-itt-1-yard'] as const;
const [YARD] = YARDS;
const START = Date.parse('2026-11-22T14:05:00.000Z');

interface World {
  areas?: AreaStatus[];
  feeds?: FeedStatus[];
  current?: boolean;
  seconds?: number;
  homes?: Record<string, string>;
  /** The time when it starts; milliseconds since 1970. */
  startsAt?: number;
  /** What happens while a grant is signed. */
  meanwhile?: (statuses: Map<string, AreaStatus>) => void;
}

/** What nodes were asked to look at in so many ticks. */
async function looksIn(world: World, ticks = world.seconds ?? 1) {
  const { patrol, asked, pass } = setUp(world);
  for (let tick = 0; tick < ticks; tick += 1) {
    await patrol.tick();
    pass(1_000);
  }
  return asked;
}

function setUp({ areas, feeds, current = true, seconds = 1, homes, startsAt = START, meanwhile }: World) {
  const asked: string[] = [];
  let now = startsAt;
  let named: ViewGrant['feeds'] = [];
  const statuses = new Map((areas ?? YARDS.map((id) => areaStatus(id))).map((it) => [it.areaId, it]));
  const states = new Map((feeds ?? YARDS.map((id) => feedStatus(id))).map((it) => [it.feedId, it]));
  const patrol = new Patrol({
    registry: createRegistry(mediaNation),
    view: { area: (id) => statuses.get(id), feed: (id) => states.get(id), current },
    homesOf: async (ids) => ids.map((id) => (homes ? (homes[id] ?? null) : 'sfu-1')),
    links: {
      has: (nodeId) => nodeId === 'sfu-1',
      candidates: () =>
        [true, false].map((reachable, index) => ({
          record: { nodeId: `sfu-${index + 1}` },
          reachable,
        })),
      request: async ({ nodeId, message }, payload) => {
        if (message === 'feed:unlook') {
          const { feedIds } = payload as ControlRequest<'feed:unlook'>;
          asked.push(`${nodeId} ${message} ${feedIds.join()}`);
          return {} as never;
        }
        const { againInMs } = payload as ControlRequest<'feed:look'>;
        asked.push(`${nodeId} ${message} ${againInMs} ${named.map(({ id }) => id).join()}`);
        return {} as never;
      },
    },
    signer: {
      signView: async (_nodeId, _viewerId, granted) => {
        named = granted;
        meanwhile?.(statuses);
        return 'a grant';
      },
    },
    everyMs: seconds * 1_000,
    log: QUIET_LOG,
    now: () => now,
  });
  const pass = (ms: number) => {
    now += ms;
  };
  return { patrol, asked, pass, statuses };
}

const feedOf = (area: string) => `${area}-cam-1`;

test('what comes in anyway is looked at where it enters, also when it is faulty', async () => {
  const both = YARDS.map(feedOf).join();
  expect(await looksIn({})).toEqual([`sfu-1 feed:look 1000 ${both}`]);
  const feeds = YARDS.map((id) => feedStatus(id, { state: 'faulty', faults: ['covered'] }));
  expect(await looksIn({ feeds })).toEqual([`sfu-1 feed:look 1000 ${both}`]);
});

test('each once in the time, spread over it', async () => {
  const asked = await looksIn({ seconds: 10 });
  expect(asked.toSorted()).toEqual(YARDS.map((id) => `sfu-1 feed:look 10000 ${feedOf(id)}`).toSorted());
});

test.each<[string, World]>([
  ['is closed', { areas: [areaStatus(YARD, { confidentialSince: '2026-11-22T14:05:00.000Z' })] }],
  ['has no picture', { feeds: [feedStatus(YARD, { state: 'lost' })] }],
  ['is idle', { feeds: [] }],
  ['enters nowhere', { homes: {} }],
  ['enters at a node that is gone', { homes: { [feedOf(YARD)]: 'sfu-2' } }],
  ['may be otherwise than this replica knows', { current: false }],
])('nothing that %s', async (_, world) => {
  expect(await looksIn({ feeds: [feedStatus(YARD)], ...world })).toEqual([]);
});

test('a tick that comes late makes up for what it has missed, and one that comes early asks for nothing twice', async () => {
  const { patrol, asked, pass } = setUp({ seconds: 2 });
  pass(1_000);
  await patrol.tick();
  await patrol.tick();
  pass(500);
  await patrol.tick();
  expect(asked).toEqual([`sfu-1 feed:look 2000 ${YARDS.map(feedOf).join()}`]);
});

test('replicas that began at different times ask for the same at the same time', async () => {
  const one = setUp({ seconds: 2 });
  const other = setUp({ seconds: 2, startsAt: START + 1_000 });
  await one.patrol.tick();
  one.pass(1_000);
  for (const { patrol } of [one, other]) await patrol.tick();
  expect(one.asked).toHaveLength(2);
  expect(other.asked).toEqual(one.asked.slice(1));
});

const CLOSED = { confidentialSince: '2026-11-22T14:05:00.000Z' };

test('a look is not asked for when its area closes while that is being done', async () => {
  const meanwhile = (statuses: Map<string, AreaStatus>) => statuses.set(YARD, areaStatus(YARD, CLOSED));
  expect(await looksIn({ meanwhile })).toEqual([]);
});

test('when an area closes, nodes are told to look at nothing of it', () => {
  const { patrol, asked, statuses } = setUp({});
  statuses.set(YARD, areaStatus(YARD, CLOSED));
  patrol.handleAreas(new Set([...YARDS, 'ua-68-itt-1-cell-1', 'nowhere']));
  expect(asked).toEqual([`sfu-1 feed:unlook ${feedOf(YARD)}`]);
});
