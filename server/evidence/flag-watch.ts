import type { Flag } from '#contract/flags.ts';
import type { RegionDelta } from '#contract/live.ts';
import { nameBasedId } from '#contract/name-based-id.ts';
import { isClipped } from '../../config/evidence/evidence.ts';
import type { PlacedFeed, Registry } from '../nation/registry.ts';
import type { TakeTask } from './take-task.ts';

/** News of a flag that was raised longer ago come out of an outage; its moment is over. */
const FRESH_MS = 15_000;
/** Feeds of one area that clips are taken of. */
const MAX_FEEDS = 4;

/** What is to be taken because of the flags of a delta. Every replica finds the same ids, so each is taken once. */
export function tasksOf(
  { flags = [] }: Pick<RegionDelta, 'flags'>,
  { registry, now }: { registry: Pick<Registry, 'area' | 'facility' | 'feed'>; now: number },
): TakeTask[] {
  return flags
    .filter((flag) => isNew(flag, now) && isClipped(flag))
    .flatMap((flag) =>
      feedsOf(flag, registry).map((placed) => ({
        id: evidenceIdOf(flag, placed),
        placed,
        flagId: flag.id,
        cause: { kind: 'flag' } as const,
        actor: { kind: 'system', id: 'evidence' } as const,
      })),
    );
}

/** Feeds of the area that a flag is about; none of a flag on a whole facility. */
export function feedsOf(
  { areaId }: Pick<Flag, 'areaId'>,
  registry: Pick<Registry, 'area' | 'feed'>,
): PlacedFeed[] {
  const area = areaId === undefined ? undefined : registry.area(areaId);
  return (area?.feeds ?? []).flatMap(({ id }) => registry.feed(id) ?? []).slice(0, MAX_FEEDS);
}

function evidenceIdOf(flag: Flag, { feed }: PlacedFeed): string {
  return nameBasedId(`evidence ${flag.id} ${feed.id}`);
}

function isNew({ version, state, history }: Flag, nowMs: number): boolean {
  const raisedMs = Date.parse(history[0]?.at ?? '');
  return version === 1 && state === 'raised' && Math.abs(nowMs - raisedMs) < FRESH_MS;
}
