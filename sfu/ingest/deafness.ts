import type { FacilityId } from '#contract/ids.ts';
import type { FeedState } from './feed-state.ts';

/** A feed as far as it tells whether this node hears anything. */
export interface Heard {
  /** It enters here, and is sent on demand. */
  isOwn: boolean;
  facilityId: FacilityId;
  state: FeedState;
}

/** Shorter gaps are networks. Milliseconds. */
const SILENT_FOR_MS = 2_000;
/** One facility's uplink may be cut. That those of two are, and nothing comes from any other, is a matter of ours. */
const FACILITIES_THAT_AGREE = 2;

/**
 * Whether nothing gets through to this node any more: everything that came on demand has stopped just now, from several
 * facilities, and nothing comes. `now` in milliseconds since 1970.
 */
export function isDeaf(feeds: Iterable<Heard>, now: number): boolean {
  const fallenSilent = new Set<FacilityId>();
  for (const { isOwn, facilityId, state } of feeds) {
    if (!isOwn) continue;
    if (state.state === 'live') return false;
    if (state.state !== 'stalled') continue;
    if (now - state.since < SILENT_FOR_MS) return false;
    fallenSilent.add(facilityId);
  }
  return fallenSilent.size >= FACILITIES_THAT_AGREE;
}
