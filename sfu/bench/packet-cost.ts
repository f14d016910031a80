import type { Figure } from '../../bench/report.ts';
import { compareSides } from './compare.ts';
import { type Agreed, startBare, startVarta } from './sides.ts';

const FEEDS = 36;
const VIEWERS = 8;

/** Bare mediasoup doing the same work, and bare mediasoup as it comes. */
const COMPARED: readonly { id: string; agreed: Agreed }[] = [
  { id: 'sfu-cpu-per-packet', agreed: 'same' },
  { id: 'sfu-cpu-per-packet-all', agreed: 'all' },
];

/** CPU of the worker per packet that reached a browser: the whole sfu against bare mediasoup, one after the other. */
export async function measurePacketCost(): Promise<Figure[]> {
  const feedIds = Array.from({ length: FEEDS }, (_, index) => `bench-feed-${index}`);
  const figures: Figure[] = [];
  for (const { id, agreed } of COMPARED) {
    await using owned = new AsyncDisposableStack();
    const varta = owned.use(await startVarta(feedIds, { count: 'worker' }));
    const bare = owned.use(await startBare(feedIds, { workerBin: process.env.MEDIASOUP_WORKER_BIN, agreed }));
    const { ratio, note } = await compareSides([varta, bare], { feeds: FEEDS, viewers: VIEWERS });
    console.log(`  packet cost, bare side agrees on ${agreed}: ${note}`);
    figures.push({ id, figure: ratio, note });
  }
  return figures;
}
