import type { Figure } from '../../bench/report.ts';
import { compareSides } from './compare.ts';
import { startJanus } from './janus-side.ts';
import { startVarta } from './sides.ts';

/** Debian’s Janus ends with a buffer overflow on a mountpoint of 28 videos. */
const FEEDS = 24;

/**
 * CPU per packet against Janus' streaming plugin with the same input and viewers. Of ours the whole sfu counts, its Node
 * process and its worker, as all of Janus does.
 */
export async function measureAgainstJanus(): Promise<Figure[]> {
  const feedIds = Array.from({ length: FEEDS }, (_, index) => `bench-feed-${index}`);
  const figures: Figure[] = [];
  for (const viewers of [1, 8]) {
    await using owned = new AsyncDisposableStack();
    const varta = owned.use(await startVarta(feedIds, { count: 'all' }));
    const janus = owned.use(await startJanus(FEEDS));
    const { ratio, note } = await compareSides([varta, janus], { feeds: FEEDS, viewers });
    console.log(`  against Janus, ${viewers} viewers a feed: ${note}`);
    figures.push({ id: viewers === 1 ? 'sfu-janus-1' : 'sfu-janus-8', figure: ratio, note });
  }
  return figures;
}
