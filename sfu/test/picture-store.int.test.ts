import { afterAll, beforeAll, expect, test } from 'vitest';
import { PosterStore } from '../../server/media/posters/poster-store.ts';
import { startTestRedis, type TestRedis } from '../../server/test/fixtures/redis.ts';
import { PictureStore } from '../adapters/picture-store.ts';

const T0 = Date.parse('2026-11-22T14:00:00.000Z');
const CELL = 'cell-1';

const owned = new AsyncDisposableStack();
let redis: TestRedis;
beforeAll(async () => {
  redis = owned.use(await startTestRedis());
});
afterAll(() => owned.disposeAsync());

const MASKS = [{ x: 0.1, y: 0.2, width: 0.3, height: 0.4 }];

const still = (text: string, at: number) => ({
  jpeg: Buffer.from(`\xff\xd8${text}\xff`, 'latin1'),
  at,
  masks: MASKS,
});

test('of the stills of two nodes the newest counts, and none that was taken before an erasure', async () => {
  const client = await redis.connect();
  const [one, other] = [new PictureStore(client, 'sfu-one'), new PictureStore(client, 'sfu-other')];
  const server = new PosterStore(client, () => T0 + 5_000);
  const kept = async () => (await server.poster(CELL))?.jpeg;

  await one.keepStill(CELL, still('at 2', T0 + 2_000));
  await other.keepStill(CELL, still('at 1, late', T0 + 1_000));
  expect(await kept()).toEqual(still('at 2', 0).jpeg);
  await other.keepStill(CELL, still('at 3', T0 + 3_000));
  expect(await kept()).toEqual(still('at 3', 0).jpeg);

  await server.erase([CELL]);
  expect(await kept()).toBeUndefined();
  await one.keepStill(CELL, still('at 4, still on its way', T0 + 4_000));
  expect(await kept()).toBeUndefined();
  await one.keepStill(CELL, still('at 6', T0 + 6_000));
  expect(await kept()).toEqual(still('at 6', 0).jpeg);
  expect((await server.poster(CELL))?.masks).toEqual(MASKS);
});
