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

interface World {
  areas?: AreaStatus[];
  feeds?: FeedStatus[];
  current?: boolean;
  seconds?: number;
  homes?: Record<string, string>;
}

/** What nodes were asked to look at in so many ticks. */
async function looksIn({ areas, feeds, current = true, seconds = 1, homes }: World, ticks = seconds) {
  const asked: string[] = [];
  let named: ViewGrant['feeds'] = [];
  const statuses = new Map((areas ?? YARDS.map((id) => areaStatus(id))).map((it) => [it.areaId, it]));
  const states = new Map((feeds ?? YARDS.map((id) => feedStatus(id))).map((it) => [it.feedId, it]));
  const patrol = new Patrol({
    registry: createRegistry(mediaNation),
    view: { area: (id) => statuses.get(id), feed: (id) => states.get(id), current },
    homesOf: async (ids) => ids.map((id) => (homes ? (homes[id] ?? null) : 'sfu-1')),
    links: {
      has: (nodeId) => nodeId === 'sfu-1',
      request: async ({ nodeId, message }, payload) => {
        const { againInMs } = payload as ControlRequest<'feed:look'>;
        asked.push(`${nodeId} ${message} ${againInMs} ${named.map(({ id }) => id).join()}`);
        return {} as never;
      },
    },
    signer: {
      signView: async (_nodeId, _viewerId, granted) => {
        named = granted;
        return 'a grant';
      },
    },
    everyMs: seconds * 1_000,
    log: QUIET_LOG,
  });
  for (let tick = 0; tick < ticks; tick += 1) await patrol.tick();
  return asked;
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
