import type { FeedId } from '#contract/ids.ts';
import type { Layer } from '#contract/nation.ts';

/** What a layer has sent so far: payload with its RTP headers, and packets. */
export interface LayerTotals {
  bytes: number;
  packets: number;
  /** When that was counted, in milliseconds of the counter's own clock: on a busy machine an answer comes late. */
  countedAtMs: number;
}

/** What is taken for a layer that has not been seen yet: what docs/encoders.md asks of cameras, and something more. */
const EXPECTED_BPS: Readonly<Record<Layer, number>> = { low: 180_000, high: 1_400_000 };
/** IP and UDP headers, and the tag of AES-GCM. */
const PACKET_OVERHEAD_BYTES = 20 + 8 + 16;
/** A share for reports and for what is sent again. */
const RESERVE = 1.05;
/** Readings, a second apart, of which the highest counts: a cell in which nobody moved for a while is about to change. */
const KEEP_READINGS = 10;
/** Of half a second with a keyframe in it nearly twice the rate would be read. */
const MIN_READING_MS = 900;
/** Nobody looked meanwhile: how much of the time anything flowed is not known, and what was counted says nothing of a rate. */
const LONGEST_READING_MS = 5_000;
/** A reading counts in full for this long. Milliseconds. */
const FRESH_MS = 15_000;
/** After this time a reading says no more than what is expected of any camera. Milliseconds. */
const FORGOTTEN_MS = 60_000;

interface Reading {
  bps: number;
  atMs: number;
}

interface Layers {
  last: LayerTotals;
  readings: Reading[];
}

/**
 * What each layer of each camera takes of an uplink, as far as is known; it is remembered while nobody wants it. A peak is
 * forgotten by and by, for what is cut because of one may not be looked at any more, and would never get another chance.
 */
export class LayerRates {
  readonly #layers = new Map<string, Layers>();

  /** Bits per second on the uplink, at this instant (ms, the clock of the readings). */
  costBps(feedId: FeedId, layer: Layer, nowMs: number): number {
    const readings = this.#layers.get(keyOf(feedId, layer))?.readings ?? [];
    const expectedBps = EXPECTED_BPS[layer];
    return readings.length > 0
      ? Math.max(...readings.map((reading) => agedBps(reading, expectedBps, nowMs)))
      : expectedBps;
  }

  /** To be called once a second or so, with the instant of {@link costBps}. What does not flow says nothing of what it would take. */
  note(feedId: FeedId, layer: Layer, now: LayerTotals, atMs: number): void {
    const key = keyOf(feedId, layer);
    const known = this.#layers.get(key);
    const { bytes, packets } = now;
    const periodMs = known ? now.countedAtMs - known.last.countedAtMs : 0;
    // Whatever counts has been opened anew, which may have sent more by now than what was there before.
    if (!known || bytes < known.last.bytes || periodMs > LONGEST_READING_MS) {
      this.#layers.set(key, { last: now, readings: known?.readings ?? [] });
      return;
    }
    const { last, readings } = known;
    if (periodMs < MIN_READING_MS) return;
    known.last = now;
    if (bytes === last.bytes) return;
    const sentBytes = bytes - last.bytes + (packets - last.packets) * PACKET_OVERHEAD_BYTES;
    readings.push({ bps: (sentBytes * 8 * 1_000 * RESERVE) / periodMs, atMs });
    if (readings.length > KEEP_READINGS) readings.shift();
  }
}

/** A reading after a while: what it was above what is expected melts away. What was below it stays known. */
function agedBps({ bps, atMs }: Reading, expectedBps: number, nowMs: number): number {
  if (bps <= expectedBps) return bps;
  const forgotten = (nowMs - atMs - FRESH_MS) / (FORGOTTEN_MS - FRESH_MS);
  return bps + (expectedBps - bps) * Math.min(1, Math.max(0, forgotten));
}

function keyOf(feedId: FeedId, layer: Layer): string {
  return `${feedId} ${layer}`;
}
