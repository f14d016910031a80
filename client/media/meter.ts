import type { FeedId, MediaObjectId } from '#contract/ids.ts';
import { SILENT_AFTER_MS } from '#contract/media.ts';
import type { BandwidthReading } from './bandwidth.ts';
import type { FeedLinks } from './feed-links.ts';
import type { Receiver, ReceiverTotals, StreamTotals } from './receiver.ts';

interface Ports {
  /** The transport to look at; undefined while there is none, or two. */
  receiver(): Receiver | undefined;
  links(): FeedLinks;
  /** The server says that this feed's packets come in. */
  isLive(feedId: FeedId): boolean;
  monotonicMs(): number;
  onReading(reading: BandwidthReading): void;
  /** Nothing at all comes though it should. */
  onSilent(transportId: MediaObjectId): void;
}

/** Looks at the receiving transport once a second, and when it has been silent for long enough to be said so. */
export interface Meter extends Disposable {
  start(): void;
  stop(): void;
  /** Nothing at all has come for a while. */
  isSilent(): boolean;
}

export const METER_MS = 1_000;
/** A look that is later than this was held up by the page. */
const LATE_MS = 500;
/** What was counted over more time than this says nothing of a second. */
const STALE_MS = 3_000;
/** Part of the frames that came whole and were then thrown away, above which the page does not keep up. */
const BUSY_DROPPED = 0.1;
const REPORT_MS = 5_000;

interface Look {
  receiver: Receiver;
  atMs: number;
  totals: ReceiverTotals;
}

export function createMeter({ receiver, links, isLive, monotonicMs, onReading, onSilent }: Ports): Meter {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isRunning = false;
  let before: Look | undefined;
  let silentSinceMs: number | undefined;
  let reportedAtMs = -Infinity;

  function plan(): void {
    clearTimeout(timer);
    const waitMs = nextLookInMs();
    const dueMs = monotonicMs() + waitMs;
    timer = setTimeout(() => void look(dueMs), waitMs);
  }

  /** Silence is not found later than it must be because a look was just before it. */
  function nextLookInMs(): number {
    if (silentSinceMs === undefined) return METER_MS;
    const leftMs = Math.ceil(silentSinceMs + SILENT_AFTER_MS - monotonicMs());
    return leftMs > 0 ? Math.min(METER_MS, leftMs) : METER_MS;
  }

  async function look(dueMs: number): Promise<void> {
    const isLate = monotonicMs() - dueMs > LATE_MS;
    const on = receiver();
    const flowing = [...links().all].filter(([, link]) => link.state === 'held' && link.flow === 'flowing');
    if (!on || flowing.length === 0) forget();
    else {
      const totals = await on.readTotals();
      if (!isRunning) return;
      if (totals === undefined || receiver() !== on) forget();
      else take({ receiver: on, atMs: monotonicMs(), totals }, isLate);
    }
    if (isRunning) plan();
  }

  function forget(): void {
    before = undefined;
    silentSinceMs = undefined;
  }

  function take(now: Look, isLate: boolean): void {
    const last = before;
    before = now;
    if (!last || last.receiver !== now.receiver) return;
    const reading = toReading(last, now, { links: links(), isLate });
    watchSilence(reading, last.atMs);
    if (reading.periodMs <= STALE_MS) onReading(reading);
  }

  function watchSilence({ streams, bytes, nowMs }: BandwidthReading, lastMs: number): void {
    const expects = [...streams.keys()].some(isLive);
    if (bytes > 0 || !expects || !before?.receiver.isConnected()) {
      silentSinceMs = undefined;
      return;
    }
    silentSinceMs ??= lastMs;
    if (!isSilent(nowMs) || nowMs - reportedAtMs < REPORT_MS) return;
    reportedAtMs = nowMs;
    onSilent(before.receiver.transportId);
  }

  function isSilent(nowMs: number): boolean {
    return silentSinceMs !== undefined && nowMs - silentSinceMs >= SILENT_AFTER_MS;
  }

  return {
    start() {
      if (isRunning) return;
      isRunning = true;
      plan();
    },
    stop() {
      isRunning = false;
      clearTimeout(timer);
      forget();
    },
    isSilent: () => isSilent(monotonicMs()),
    [Symbol.dispose]() {
      this.stop();
    },
  };
}

/** What came between two looks, of the streams that were there at both. */
function toReading(
  last: Look,
  now: Look,
  { links, isLate }: { links: FeedLinks; isLate: boolean },
): BandwidthReading {
  const streams = new Map<
    FeedId,
    BandwidthReading['streams'] extends ReadonlyMap<FeedId, infer S> ? S : never
  >();
  const sum = { bytes: 0, packets: 0, lost: 0, framesReceived: 0, framesDropped: 0 };
  for (const [feedId, link] of links.all) {
    if (link.state !== 'held' || link.flow !== 'flowing') continue;
    const earlier = last.totals.streams.get(link.consumerId);
    const later = now.totals.streams.get(link.consumerId);
    if (!earlier || !later) continue;
    const grown = (field: keyof StreamTotals) => later[field] - earlier[field];
    for (const field of ['bytes', 'packets', 'lost', 'framesReceived', 'framesDropped'] as const)
      sum[field] += grown(field);
    streams.set(feedId, {
      layer: link.layer,
      bytes: grown('bytes'),
      packets: grown('packets'),
      lost: grown('lost'),
    });
  }
  const { bytes, packets, lost } = sum;
  return {
    nowMs: now.atMs,
    periodMs: now.atMs - last.atMs,
    bytes,
    packets,
    lost: Math.max(0, lost),
    rttMs: now.totals.rttMs,
    busy: isLate || sum.framesDropped > BUSY_DROPPED * Math.max(1, sum.framesReceived),
    streams,
  };
}
