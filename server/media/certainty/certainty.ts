import type { RegionId } from '#contract/ids.ts';

/** A projection that has had an event before it for longer than this is behind; a replica that dies is succeeded in 3 s. */
const BEHIND_MS = 5_000;
/** What was last looked at longer ago than this is not known any more. */
const LOOK_LIFE_MS = 3_000;

/** How far a region's record goes, and how far it has become status; ids of the stream of events. */
export interface Progress {
  last: string;
  projected: string;
}

/** What is known of the progress of one region. */
interface Known {
  lookedAtMs: number;
  /** The event that status did not contain when it was first seen, and when that was. */
  waiting: { last: string; sinceMs: number } | undefined;
}

/**
 * Whether status says how things are, region by region: an area that may not be watched while somebody is inside is open
 * only as long as somebody knows that nobody is. Pure but for what it keeps; bounded by the regions.
 */
export class Certainty {
  readonly #known = new Map<RegionId, Known>();

  /** What a look at a region found. */
  note(regionId: RegionId, { last, projected }: Progress, nowMs: number): void {
    const waiting = this.#known.get(regionId)?.waiting;
    if (!isBefore(projected, last)) this.#known.set(regionId, { lookedAtMs: nowMs, waiting: undefined });
    // It gets on if it contains by now what it did not contain then; the rest is new.
    else if (waiting && isBefore(projected, waiting.last))
      this.#known.set(regionId, { lookedAtMs: nowMs, waiting });
    else this.#known.set(regionId, { lookedAtMs: nowMs, waiting: { last, sinceMs: nowMs } });
  }

  isCertain(regionId: RegionId, nowMs: number): boolean {
    const known = this.#known.get(regionId);
    if (!known || nowMs - known.lookedAtMs > LOOK_LIFE_MS) return false;
    return known.waiting === undefined || nowMs - known.waiting.sinceMs <= BEHIND_MS;
  }
}

/** Whether one id of a stream comes before another, as in `1731-0` and `1731-2`. */
export function isBefore(a: string, b: string): boolean {
  const [aMs = '0', aSeq = '0'] = a.split('-');
  const [bMs = '0', bSeq = '0'] = b.split('-');
  return Number(aMs) - Number(bMs) < 0 || (aMs === bMs && Number(aSeq) < Number(bSeq));
}
