import type { Layer } from '#contract/nation.ts';
import type { Painter } from '../picture/painter.ts';
import { type EncodeJob, encodeBatch } from './encoder.ts';

/** Encoders that run at once: a machine of two cores has other things to do as well. */
const LANES = 2;

/** Loops that wait for an encoder. */
export interface EncodeQueue extends AsyncDisposable {
  /**
   * The loop as an H.264 byte stream. The low layer goes before the high one. Who does not want it any more aborts;
   * what has not begun then never does.
   */
  encode(request: { layer: Layer; createPainter(): Painter; signal: AbortSignal }): Promise<Buffer>;
}

interface Waiting extends EncodeJob {
  layer: Layer;
}

export function createEncodeQueue({ ffmpegBin }: { ffmpegBin: string }): EncodeQueue {
  const stopping = new AbortController();
  const waiting: Record<Layer, Waiting[]> = { low: [], high: [] };
  const lanes = new Set<Promise<void>>();

  function startLane(): void {
    if (lanes.size >= LANES || stopping.signal.aborted) return;
    const lane: Promise<void> = runLane().finally(() => {
      lanes.delete(lane);
      if (waiting.low.length + waiting.high.length > 0) startLane();
    });
    lanes.add(lane);
  }

  async function runLane(): Promise<void> {
    const layer: Layer = waiting.low.length > 0 ? 'low' : 'high';
    await encodeBatch({
      ffmpegBin,
      layer,
      // A batch of the high layer gives way when somebody waits for a first picture.
      nextJob: () => (layer === 'high' && waiting.low.length > 0 ? undefined : waiting[layer].shift()),
      signal: stopping.signal,
    });
  }

  return {
    encode({ layer, createPainter, signal }) {
      const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
      if (signal.aborted || stopping.signal.aborted) {
        reject(new Error('not wanted any more'));
        return promise;
      }
      const leave = () => {
        const at = waiting[layer].indexOf(job);
        if (at < 0) return;
        waiting[layer].splice(at, 1);
        reject(new Error('not wanted any more'));
      };
      const job: Waiting = {
        layer,
        createPainter,
        done(result) {
          signal.removeEventListener('abort', leave);
          if (result instanceof Error) reject(result);
          else resolve(result);
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      waiting[layer].push(job);
      startLane();
      return promise;
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      for (const job of [...waiting.low.splice(0), ...waiting.high.splice(0)]) {
        job.done(new Error('the cameras are stopping'));
      }
      await Promise.all(lanes);
    },
  };
}
