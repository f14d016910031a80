import { type FeedFault, type FeedStatus, isBlindFeed, UPLINK_FAULTS } from '#contract/feeds.ts';
import type { AreaId } from '#contract/ids.ts';
import type { Area } from '#contract/nation.ts';
import { type AreaStatus, POWER_LOST } from '#contract/status.ts';
import { lengthMsAt } from '../../../config/rules/thresholds.ts';
import { cutOffIn } from './cut-off.ts';

/** Why an area cannot be seen. `confidential` is no fault, and nobody is called because of it. */
export type NoVideoCause = 'no-camera' | 'power' | 'network' | 'fault' | 'confidential' | 'unexplained';

/** A camera that answers in these ways is there, and it or our side is set wrongly. `unreachable` and `silent` say only that nothing comes. */
const SET_WRONGLY: ReadonlySet<FeedFault> = new Set([
  'codec',
  'b-frames',
  'auth',
  'certificate',
  'stream',
  'refused',
  'mask',
  'dtls',
]);
/** Whoever sees this sees that the camera has power. */
const POWERED: ReadonlySet<FeedFault> = new Set(['covered', 'frozen']);

/** What is live in a region. */
interface Live {
  area(areaId: AreaId): Pick<AreaStatus, 'confidentialSince' | 'findings'> | undefined;
  feed(feedId: string): FeedStatus | undefined;
}

/**
 * Asks of the areas of a region why no camera shows them at an instant; undefined of one that some camera shows, or would
 * as soon as somebody looks. Equipment that sends on demand says nothing of itself while nobody watches, and is not counted
 * as gone; an encoder that publishes by itself and does not is.
 */
export function unseenIn(areas: readonly Area[], live: Live, nowMs: number) {
  const isCutOff = cutOffIn(areas, (feedId) => live.feed(feedId));
  return (area: Pick<Area, 'id' | 'facilityId' | 'feeds'>): NoVideoCause | undefined => {
    const status = live.area(area.id);
    if (status && status.confidentialSince !== null) return 'confidential';
    if (area.feeds.length === 0) return 'no-camera';
    const feeds = area.feeds.map((feed) => ({ feed, status: live.feed(feed.id) }));
    if (!feeds.every((one) => isBlindFeed(one.feed, one.status))) return undefined;
    const faults = feeds.flatMap((one) => one.status?.faults ?? []);
    if (wasPowerLost(status, nowMs) && !faults.some((fault) => POWERED.has(fault))) return 'power';
    const isFaulty = feeds.some((one) => one.status?.state === 'faulty');
    if (isFaulty || faults.some((fault) => SET_WRONGLY.has(fault))) return 'fault';
    return faults.some(isUplinkFault) || isCutOff(area) ? 'network' : 'unexplained';
  };
}

function isUplinkFault(fault: FeedFault): boolean {
  return (UPLINK_FAULTS as readonly FeedFault[]).includes(fault);
}

function wasPowerLost(status: Pick<AreaStatus, 'findings'> | undefined, nowMs: number): boolean {
  const claim = status?.findings?.find(({ code }) => code === POWER_LOST);
  return claim !== undefined && nowMs < Date.parse(claim.since) + lengthMsAt('power-accounts', nowMs);
}
