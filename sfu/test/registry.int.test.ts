import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type NodeRecord, SFU_KEYS } from '#contract/registry.ts';
import { startTestRedis, type TestRedis } from '../../server/test/fixtures/redis.ts';
import { openRedis } from '../adapters/redis.ts';
import { RegistryStore } from '../adapters/registry-store.ts';
import { eventually } from './fixtures/eventually.ts';

let owned: AsyncDisposableStack;
let redis: TestRedis;
let client: Awaited<ReturnType<TestRedis['connect']>>;

beforeEach(async () => {
  owned = new AsyncDisposableStack();
  redis = owned.use(await startTestRedis());
  client = await redis.connect();
});
afterEach(() => owned.disposeAsync());

/** What a node writes of itself, and its record. */
async function open(nodeId: string): Promise<{ store: RegistryStore; record: NodeRecord }> {
  const connection = openRedis({
    url: redis.url,
    log: { info: () => undefined, warn: () => undefined },
    onReady: () => undefined,
  });
  owned.defer(() => connection.destroy());
  await eventually('a connection', () => connection.isReady);
  const store = new RegistryStore(connection, {
    nodeId,
    standing: () => ({ demands: [], reports: [], pulls: [] }),
    onNotHome: () => undefined,
  });
  const at = '2026-11-22T14:00:00.000Z';
  const record: NodeRecord = {
    ...{ nodeId, controlUrl: 'http://127.0.0.1:1', regionId: null },
    ...{ workers: 1, load: 0, viewers: 0, feeds: 0 },
    ...{ draining: false, deaf: false, gone: false, startedAt: at, at },
  };
  return { store, record };
}

describe('the set of nodes', () => {
  it('loses those that ended without a goodbye as soon as another one comes, and none that lives', async () => {
    const [killed, late, next] = await Promise.all(['sfu-killed', 'sfu-late', 'sfu-next'].map(open));
    const members = async () => (await client.sMembers(SFU_KEYS.nodes)).sort();
    await killed?.store.register(killed.record);
    await late?.store.register(late.record);
    expect(await members()).toEqual(['sfu-killed', 'sfu-late']);
    await client.del(SFU_KEYS.node('sfu-killed'));
    await next?.store.register(next.record);
    expect(await members()).toEqual(['sfu-late', 'sfu-next']);

    // One whose record ended though it lives is back with its next heartbeat.
    await client.del(SFU_KEYS.node('sfu-late'));
    await next?.store.register(next.record);
    expect(await members()).toEqual(['sfu-next']);
    await late?.store.renew(late.record);
    expect(await members()).toEqual(['sfu-late', 'sfu-next']);
  });
});
