import type { FacilityId } from '#contract/ids.ts';
import type { Area } from '#contract/nation.ts';
import { lengthMsAt } from '../../../config/rules/thresholds.ts';
import type { LiveView } from '../../live/live.ts';
import { areFeedsLost, areFeedsMute, toldFeeds } from './cut-off.ts';
import type { Sight } from './sight.ts';

interface FacilityNow {
  facilityId: FacilityId;
  areas: readonly Area[];
  /** When something was received from it last; undefined when nothing ever was. */
  heardMs: number | undefined;
  view: Pick<LiveView, 'area' | 'feed'>;
}

/**
 * Whether a facility is cut off. It says by itself that it is there: its equipment is connected though nobody watches (a
 * feed whose equipment is away is lost), its encoders publish, its records come.
 */
export function lookAtFacility({ facilityId, areas, heardMs, view }: FacilityNow, nowMs: number): Sight {
  const findings: Sight['findings'] = [];
  const times: number[] = [];
  const isAnybodyInside = areas.some(({ id }) => (view.area(id)?.headcount ?? 0) > 0);
  const feedOf = (feedId: string) => view.feed(feedId);
  const areLost = areFeedsLost(areas, feedOf);
  // Encoders publish by themselves: where all are such, and none does, somebody who is inside is seen by nobody.
  const areMute = isAnybodyInside && areFeedsMute(areas, feedOf);
  if (areLost || areMute)
    findings.push({ key: `cameras-lost:${facilityId}`, rule: 'cameras-lost', facilityId, params: {} });

  const isSeen = toldFeeds(areas, feedOf).some(({ state }) => state !== 'lost');
  const isExpected = isAnybodyInside && heardMs !== undefined;
  const wait =
    areLost || areMute ? 'silent-without-cameras' : isExpected ? 'silent-while-occupied' : undefined;
  if (wait === undefined || isSeen) return { findings, times };
  const recorded = areas.map(({ id }) => Date.parse(view.area(id)?.updatedAt ?? '')).filter(Number.isFinite);
  const silentMs = Math.max(heardMs ?? 0, ...recorded) + lengthMsAt(wait, nowMs);
  if (silentMs > nowMs) times.push(silentMs);
  else
    findings.push({ key: `facility-silent:${facilityId}`, rule: 'facility-silent', facilityId, params: {} });
  return { findings, times };
}
