import type { Figure } from '../../bench/report.ts';
import { measureWatching, PHASE_MS, paintVideos } from './watching-cost.ts';

const PHASES = 2;

/** What stills and the faults found in them cost while 64 feeds are watched: a node with them against one without. */
export async function measureStillsCost(): Promise<Figure[]> {
  const videos = await paintVideos();
  const sums = { with: { node: 0, ffmpeg: 0, decoded: 0 }, without: { node: 0, ffmpeg: 0, decoded: 0 } };
  for (let phase = 0; phase < PHASES; phase++) {
    for (const side of ['without', 'with'] as const) {
      const spent = await measureWatching(videos, {
        SFU_STILLS_EVERY_MS: side === 'with' ? '10000' : '0',
        SFU_RING_S: '0',
      });
      for (const key of ['node', 'ffmpeg', 'decoded'] as const) sums[side][key] += spent[key];
    }
  }
  const totalMs = PHASES * PHASE_MS;
  const percent = (ms: number) => (100 * ms) / totalMs;
  const nodeMs = sums.with.node - sums.without.node;
  const ffmpegMs = sums.with.ffmpeg - sums.without.ffmpeg;
  const figure = Math.round(10 * percent(nodeMs + ffmpegMs)) / 10;
  const perStillUs = Math.round((1000 * (nodeMs + ffmpegMs)) / Math.max(1, sums.with.decoded));
  const note =
    `ffmpeg ${percent(ffmpegMs).toFixed(1)} %, node and worker ${percent(nodeMs).toFixed(1)} %; ` +
    `${sums.with.decoded} stills, ${perStillUs} µs each`;
  console.log(`  stills: ${note}`);
  return [{ id: 'stills-cpu-64', figure, note }];
}
