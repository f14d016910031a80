import type { ErrorCode } from '#contract/errors.ts';
import type { FeedMask, GrantedFeed, ViewGrant } from '#contract/grants.ts';
import type { AreaId, FeedId } from '#contract/ids.ts';
import type { Area } from '#contract/nation.ts';
import type { PurposeId } from '#contract/personal.ts';
import type { AreaStatus } from '#contract/status.ts';
import { layerWithoutPurpose } from '../../../config/purposes/watching.ts';
import { type Context, decide, type Principal } from '../../access/decide.ts';
import { areaResource, type PlacedFeed, type Registry } from '../../nation/registry.ts';

/** What may be watched depends on this: the nation, and what custody says of its areas now. */
export interface FeedWorld {
  registry: Pick<Registry, 'feed'>;
  area(areaId: AreaId): AreaStatus | undefined;
  /** What areas like this one are opened for, as far as it was said. @default nothing was */
  purposeOf?(area: Area): PurposeId | undefined;
}

export type FeedAccess =
  | {
      allow: true;
      placed: PlacedFeed;
      granted: ViewGrant['feeds'][number];
      /** What it is opened for, if somebody who has to say that does. */
      purpose: PurposeId | undefined;
      /** It is seen as a wall shows it, and not opened, before somebody says what for. */
      asksPurpose: boolean;
    }
  | { allow: false; code: ErrorCode; reason: string };

/** May this person watch this feed now? What is allowed comes as a grant names it. */
export function decideFeed(principal: Principal, feedId: FeedId, world: FeedWorld): FeedAccess {
  const placed = world.registry.feed(feedId);
  if (!placed) return { allow: false, code: 'unknown_feed', reason: `there is no feed ${feedId}` };
  const purpose = world.purposeOf?.(placed.area);
  const decision = decide(principal, 'feed.watch', areaResource(placed.area), {
    ...toContext(world, placed.area.id),
    purpose,
  });
  if (!decision.allow) return { allow: false, code: decision.code, reason: decision.reason };
  const granted = toGrantedFeed(placed, world.area(placed.area.id));
  const asksPurpose = decision.obligations.includes('purpose');
  const isHeldBack =
    asksPurpose &&
    principal.kind === 'person' &&
    layerWithoutPurpose(principal.role, placed.area.privacy) === 'low';
  // Of one that has a single layer there is no less to be had.
  const maxLayer = (isHeldBack ? granted.layers[0] : granted.layers.at(-1)) ?? 'low';
  return { allow: true, placed, granted: { ...granted, maxLayer }, purpose, asksPurpose };
}

/** A feed as grants describe it to nodes; without a status its mask, if it has one, covers. */
export function toGrantedFeed({ feed, area }: PlacedFeed, status?: AreaStatus): GrantedFeed {
  const mask = toMask({ feed, area }, status);
  return {
    ...(mask ? { mask } : {}),
    id: feed.id,
    facilityId: area.facilityId,
    regionId: area.regionId,
    source: feed.source,
    layers: feed.layers,
  };
}

/** Where the facility's equipment covers it (no `masks`), nodes have nothing to cover. */
function toMask(
  { feed, area }: Pick<PlacedFeed, 'feed' | 'area'>,
  status: AreaStatus | undefined,
): FeedMask | undefined {
  if (area.privacy !== 'masked' || !feed.masks) return undefined;
  return {
    regions: feed.masks,
    version: status ? Date.parse(status.updatedAt) : 0,
    ...(status?.unmasked ? { liftedUntil: Date.parse(status.unmasked.until) } : {}),
  };
}

/** Somebody who may watch everything that anybody may: what is closed to them is closed. */
const ANYBODY: Principal = {
  kind: 'person',
  username: 'anybody',
  role: 'situation',
  scope: { kind: 'nation' },
};

/** Whether the area is closed to everybody now: confidential, or occupied where that forbids watching. */
export function isAreaClosed(area: PlacedFeed['area'], world: Pick<FeedWorld, 'area'>): boolean {
  const decision = decide(ANYBODY, 'feed.watch', areaResource(area), toContext(world, area.id));
  return !decision.allow && decision.code === 'confidential';
}

function toContext(world: Pick<FeedWorld, 'area'>, areaId: AreaId): Context {
  const status = world.area(areaId);
  return {
    headcount: status?.headcount,
    confidential: status !== undefined && status.confidentialSince !== null,
  };
}
