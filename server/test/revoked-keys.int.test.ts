import { afterAll, beforeAll, expect, test } from 'vitest';
import { FacilityKeyList, IssuedFacilityKey } from '#contract/accounts.ts';
import { PROTOCOL_VERSION } from '#contract/version.ts';
import { eventually } from '../../sfu/test/fixtures/eventually.ts';
import { launchTestBrowser, type TestBrowser } from '../../sfu/test/fixtures/test-page.ts';
import { keys } from '../adapters/redis/keys.ts';
import { type EncoderBrowser, launchEncoderBrowser } from './fixtures/encoder-page.ts';
import type { Caller } from './fixtures/server.ts';
import { WatchingPage } from './fixtures/watching-page.ts';
import { startWholeSystem, type WholeSystem } from './fixtures/whole-system.ts';

const FACILITY = 'ua-05-itt-1';
const AREA = 'ua-05-itt-1-corridor';
const FEED = 'ua-05-itt-1-corridor-cam-1';
const EDGE_FEED = 'ua-05-itt-1-cell-1-cam-1';
/** Grants live for 15 s; a key ends what it has opened by news, long before. */
const SOONER_THAN_A_GRANT_MS = 5_000;
const KEYS = `/api/v1/facilities/${FACILITY}/keys`;

const owned = new AsyncDisposableStack();
let system: WholeSystem;
let encoders: EncoderBrowser;
let browser: TestBrowser;
let admin: Caller;
beforeAll(async () => {
  [system, encoders, browser] = await Promise.all([
    startWholeSystem(),
    launchEncoderBrowser(),
    launchTestBrowser(),
  ]);
  owned.use(system);
  owned.use(encoders);
  owned.use(browser);
  admin = await system.server.signIn('admin');
}, 120_000);
afterAll(() => owned.disposeAsync());

const issue = async () => IssuedFacilityKey.parse((await admin.call('POST', KEYS)).body);
const revoke = async (keyId: string) =>
  expect((await admin.call('DELETE', `${KEYS}/${keyId}`)).status).toBe(204);

test('a publication ends with the key that it was begun with, and one of another key goes on', async () => {
  const { key, view } = await issue();
  const page = await encoders.open();
  const options = { url: `${system.server.origin}/whip/${FEED}`, key, audio: false };
  await page.evaluate((it) => window.encoder.publish(it), options);
  const watching = await WatchingPage.open(system.server, browser, 'situation');
  const consumer = await watching.see(FEED);
  await watching.seesMore(consumer, 10);

  // Another key of the facility is nothing to it.
  await revoke((await issue()).view.keyId);
  await watching.seesMore(consumer, 10);

  const sinceMs = Date.now();
  await revoke(view.keyId);
  await eventually('the feed is not live', async () => (await watching.feed(AREA, FEED)).state !== 'live');
  const lateMs = (await watching.stats(consumer)).lastPacketAtMs - sinceMs;
  expect(lateMs).toBeLessThan(SOONER_THAN_A_GRANT_MS);
  const again = await system.server.stranger().call('POST', `/whip/${FEED}`, {
    body: 'v=0',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/sdp' },
  });
  expect(again.status).toBe(401);
  await page.close();
});

test('a publication that has ended by itself does not stand in the way of its key’s end', async () => {
  const { view } = await issue();
  const client = await system.redis.connect();
  const noted = { facilityId: FACILITY, keyId: view.keyId, nodeId: system.sfu.nodeId, resourceId: 'gone' };
  await client.hSet(keys.publications, FEED, JSON.stringify(noted));
  await revoke(view.keyId);
  await eventually('nothing is noted of it', async () => !(await client.hExists(keys.publications, FEED)));
});

test('a connection of equipment ends with the key that opened it, and another one goes on', async () => {
  const open = (key: string, feedId: string) =>
    system.server.connect('/facility', {
      auth: { protocol: PROTOCOL_VERSION, facilityId: FACILITY, key, feeds: [feedId], media: 'srtp' },
    });
  const [gone, kept] = [await issue(), await issue()];
  const [first, second] = [await open(gone.key, EDGE_FEED), await open(kept.key, EDGE_FEED)];
  const ended = new Promise<string>((resolve) => first.once('disconnect', resolve));
  await revoke(gone.view.keyId);
  expect(await ended).toBe('io server disconnect');
  await expect(open(gone.key, EDGE_FEED)).rejects.toThrow('bad_facility_key');
  const { items } = FacilityKeyList.parse((await admin.get(KEYS)).body);
  expect(items.map(({ keyId }) => keyId)).toContain(kept.view.keyId);
  expect(second.connected).toBe(true);
});
