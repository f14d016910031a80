import { observer } from 'mediasoup';
import type { Worker } from 'mediasoup/types';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testFeed } from './fixtures/authority.ts';
import { eventually } from './fixtures/eventually.ts';
import { OBS } from './fixtures/offers.ts';
import { findFreePorts } from './fixtures/ports.ts';
import { startTestNode, type TestNode } from './fixtures/test-node.ts';

const CYCLES = 100;
const FEEDS = ['cell-1', 'cell-2', 'cell-3'];

let node: TestNode;
const workers: Worker[] = [];
const owned = new AsyncDisposableStack();

beforeAll(async () => {
  observer.on('newworker', (worker) => workers.push(worker));
  owned.defer(() => void observer.removeAllListeners('newworker'));
  node = owned.use(await startTestNode({ SFU_WORKERS: '2' }));
});
afterAll(() => owned.disposeAsync());

/** Everything that the workers know of, by their own account: transports, producers, consumers. */
async function countHandlers(): Promise<number> {
  const dumps = await Promise.all(workers.map((worker) => worker.dump()));
  return dumps.reduce((sum, dump) => sum + dump.channelMessageHandlers.channelRequestHandlers.length, 0);
}

async function watchAndLeave(viewerId: string): Promise<void> {
  const { authority, control } = node;
  const joined = await control.ask('viewer:join', { grant: await authority.view(viewerId, []) });
  if (joined.adopted) throw new Error('expected a new viewer');
  const { feeds } = await control.ask('viewer:watch', {
    grant: await authority.view(viewerId, FEEDS),
    rtpCapabilities: joined.routerRtpCapabilities,
    feeds: FEEDS.map((feedId) => ({ feedId, layer: 'low' })),
  });
  const consumerIds = feeds.flatMap((feed) => (feed.ok ? [feed.consumer.id] : []));
  expect(consumerIds).toHaveLength(FEEDS.length);
  await control.ask('viewer:resume', { viewerId, consumerIds });
  await control.ask('viewer:unwatch', { viewerId, consumerIds: consumerIds.slice(0, 1) });
  await control.ask('viewer:leave', { viewerId });
}

async function publishAndStop(feedId: string): Promise<void> {
  const { authority, control } = node;
  const feed = testFeed(feedId, { source: 'whip' });
  const { resourceId } = await control.ask('whip:publish', {
    grant: await authority.publish(feed),
    sdpOffer: OBS,
  });
  await control.ask('whip:stop', { grant: await authority.publish(feed), resourceId });
}

it('leaves nothing behind in the workers after hundreds of viewers, feeds and publications', async () => {
  // The pipes between the workers stay once they are there.
  await Promise.all(['viewer-a', 'viewer-b', 'viewer-c', 'viewer-d'].map(watchAndLeave));
  await eventually('the feeds are let go', () => node.node.figures().feeds === 0);
  const before = await countHandlers();

  for (let cycle = 0; cycle < CYCLES; cycle += 1) {
    await Promise.all([
      watchAndLeave(`viewer-${cycle}-one`),
      watchAndLeave(`viewer-${cycle}-two`),
      publishAndStop(`whip-${cycle}`),
    ]);
  }
  await eventually('the feeds are let go', () => node.node.figures().feeds === 0);
  expect(node.node.figures()).toMatchObject({ viewers: 0, consumers: 0, feeds: 0, pipes: 0 });
  expect(await countHandlers()).toBe(before);
  await eventually('nothing waits to be written', () => node.node.figures().outbox === 0);
  expect((await node.demands()).size).toBe(0);
});

it('handles what one viewer is told in the order in which it was told', async () => {
  const { authority, control } = node;
  const grants = [];
  for (const feeds of [['cell-1'], ['cell-1', 'cell-2'], ['cell-2']])
    grants.push(await authority.view('viewer-z', feeds));
  const [first, second, third] = grants;
  const answers = await Promise.all([
    control.send('viewer:join', { grant: first }),
    control.send('viewer:renew', { grant: second }),
    control.send('viewer:renew', { grant: third }),
    control.send('viewer:renew', { grant: second }),
    control.send('viewer:leave', { viewerId: 'viewer-z' }),
    control.send('viewer:renew', { grant: third }),
  ]);
  expect(answers.map((answer) => (answer.ok ? 'ok' : answer.code))).toEqual([
    ...['ok', 'ok', 'ok', 'grant_invalid', 'ok', 'unknown_viewer'],
  ]);
  expect(node.node.figures().viewers).toBe(0);
});

it('refuses feeds for which no port is left, one by one, and takes them when there is room again', async () => {
  const first = await findFreePorts(3);
  const range = { SFU_INGEST_PORT_MIN: String(first), SFU_INGEST_PORT_MAX: String(first + 2) };
  await using small = await startTestNode({ ...range, SFU_NODE_ID: 'sfu-small', SFU_LINGER_MS: '0' });
  const { authority, control } = small;
  const ids = ['cell-1', 'cell-2', 'cell-3', 'cell-4', 'cell-5'];
  const joined = await control.ask('viewer:join', { grant: await authority.view('viewer-s', []) });
  if (joined.adopted) throw new Error('expected a new viewer');
  const watch = async () => {
    const { feeds } = await control.ask('viewer:watch', {
      grant: await authority.view('viewer-s', ids),
      rtpCapabilities: joined.routerRtpCapabilities,
      feeds: ids.map((feedId) => ({ feedId, layer: 'low' })),
    });
    return feeds;
  };
  const watched = await watch();
  expect(watched.filter(({ ok }) => ok)).toHaveLength(3);
  expect(watched.flatMap((feed) => (feed.ok ? [] : [feed.code]))).toEqual(['limit_reached', 'limit_reached']);

  const consumerIds = watched.flatMap((feed) => (feed.ok ? [feed.consumer.id] : [])).slice(0, 2);
  await control.ask('viewer:unwatch', { viewerId: 'viewer-s', consumerIds });
  await eventually('the ports are free', () => small.node.figures().feeds === 1);
  expect((await watch()).filter(({ ok }) => ok)).toHaveLength(3);
});
