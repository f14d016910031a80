import type { Figure } from '../../bench/report.ts';
import { compareSides } from './compare.ts';
import { startBare, startVarta } from './sides.ts';

const FEEDS = 36;
const VIEWERS = 8;

/** CPU of the worker per packet that reached a browser: the whole sfu against bare mediasoup. */
export async function measurePacketCost(): Promise<Figure[]> {
  const feedIds = Array.from({ length: FEEDS }, (_, index) => `bench-feed-${index}`);
  await using owned = new AsyncDisposableStack();
  const varta = owned.use(await startVarta(feedIds, { count: 'worker' }));
  const bare = owned.use(await startBare(feedIds, process.env.MEDIASOUP_WORKER_BIN));
  const { ratio, note } = await compareSides([varta, bare], { feeds: FEEDS, viewers: VIEWERS });
  console.log(`  packet cost: ${note}`);
  return [{ id: 'sfu-cpu-per-packet', figure: ratio, note }];
}
