import type { Figure } from '../../bench/report.ts';
import { measureWatching, PHASE_MS, paintVideos } from './watching-cost.ts';

const PHASES = 2;

/** What it costs to keep the last seconds of 64 watched feeds for clips: a node that does against one that does not. */
export async function measureRingCost(): Promise<Figure[]> {
  const videos = await paintVideos();
  const spent = { with: 0, without: 0 };
  for (let phase = 0; phase < PHASES; phase++)
    for (const side of ['without', 'with'] as const) {
      const { node } = await measureWatching(videos, {
        SFU_STILLS_EVERY_MS: '0',
        SFU_RING_S: side === 'with' ? '10' : '0',
      });
      spent[side] += node;
    }
  const percent = (ms: number) => Math.round((1_000 * ms) / (PHASES * PHASE_MS)) / 10;
  const figure = percent(spent.with - spent.without);
  const note = `node and worker ${percent(spent.with)} % of a core with, ${percent(spent.without)} % without`;
  console.log(`  rings: ${note}`);
  return [{ id: 'ring-cpu-64', figure, note }];
}
