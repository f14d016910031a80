/** The server's clock as this page knows it, in milliseconds since the epoch. The machine's own clock may be wrong by hours. */
export interface ServerClock {
  nowMs(): number;
  /** Takes note of an instant that the server has just said. */
  observe(serverInstant: string): void;
}

interface Sources {
  /** Never goes back; `performance.now` in a page. */
  monotonicMs(): number;
  /** Used until the server has said anything. */
  wallMs(): number;
}

/**
 * Samples that are looked at: the least delayed one of these is believed. A message that was under way for long says an
 * older instant, so the largest difference is the best; old samples fall out, so that a clock that was set is followed.
 */
const SAMPLES = 16;

export function createServerClock({ monotonicMs, wallMs }: Sources): ServerClock {
  let samples: readonly number[] = [];
  let offsetMs = wallMs() - monotonicMs();
  return {
    nowMs: () => monotonicMs() + offsetMs,
    observe(serverInstant) {
      const serverMs = Date.parse(serverInstant);
      if (!Number.isFinite(serverMs)) return;
      samples = [...samples, serverMs - monotonicMs()].slice(-SAMPLES);
      offsetMs = Math.max(...samples);
    },
  };
}
