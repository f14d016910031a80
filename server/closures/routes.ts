import { z } from 'zod';
import { type Closed, ClosureList, type Lifted, MAX_CLOSURES, MaskPage } from '#contract/closures.ts';
import { VartaError } from '#contract/errors.ts';
import { RegionId } from '#contract/ids.ts';
import type { Area } from '#contract/nation.ts';
import type { AreaStatus } from '#contract/status.ts';
import { isInScope, type Principal } from '../access/decide.ts';
import { type AnyRoute, defineRoute } from '../adapters/http/route.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { readHistories } from '../custody/state-store.ts';
import type { LiveView } from '../live/live.ts';
import { sortById, toPage } from '../nation/page.ts';
import type { Registry } from '../nation/registry.ts';
import { type ActKind, type ActNote, readActs } from './act-notes.ts';
import { closureUse } from './closure-use.ts';

interface ClosureRoutesOptions {
  redis: Redis;
  registry: Pick<Registry, 'nation'>;
  view: Pick<LiveView, 'area'>;
  now: () => number;
}

const OfRegion = { region: RegionId.optional() };
const MasksQuery = z.strictObject({
  ...OfRegion,
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
const ClosuresQuery = z.strictObject(OfRegion);

/** For those who answer for it: where pictures are covered, where what is covered is shown now, and what is closed. */
export function closureRoutes({ redis, registry, view, now }: ClosureRoutesOptions): AnyRoute[] {
  const masked = sortById(registry.nation.areas.filter(({ privacy }) => privacy === 'masked'));

  /** Where something stands that a status tells of, what is told of it, and why it was done as far as anybody has said. */
  const withActs = async <T>(
    areas: readonly Area[],
    kind: ActKind,
    pick: (status: AreaStatus) => T | undefined,
  ): Promise<{ area: Area; status: AreaStatus; told: T; note: ActNote | undefined }[]> => {
    const standing = areas.flatMap((area) => {
      const status = view.area(area.id);
      const told = status && pick(status);
      return status && told !== undefined ? [{ area, status, told }] : [];
    });
    const byRegion = Map.groupBy(standing, ({ area }) => area.regionId);
    const notes = await Promise.all(
      [...byRegion].map(([regionId, own]) =>
        readActs(redis, regionId, { kind, areaIds: own.map(({ area }) => area.id) }),
      ),
    );
    return standing.map((one) => ({
      ...one,
      note: notes.map((some) => some.get(one.area.id)).find((note) => note !== undefined),
    }));
  };

  const liftedIn = async (areas: readonly Area[], nowMs: number): Promise<Lifted[]> => {
    const standing = await withActs(areas, 'mask', ({ unmasked }) =>
      unmasked && Date.parse(unmasked.until) > nowMs ? unmasked : undefined,
    );
    return standing.map(({ area, status, told, note }) => {
      const own = note?.until === told.until ? note : undefined;
      return {
        ...placeOf(area),
        ...told,
        reason: own?.reason ?? null,
        caseId: own?.caseId ?? null,
        observation: status.observation ?? 1,
      };
    });
  };

  const closedIn = async (areas: readonly Area[], nowMs: number): Promise<Closed[]> => {
    const standing = await withActs(areas, 'gate', ({ confidentialSince }) => confidentialSince ?? undefined);
    const byRegion = Map.groupBy(standing, ({ area }) => area.regionId);
    const histories = await Promise.all(
      [...byRegion].map(([regionId, own]) =>
        readHistories(
          redis,
          regionId,
          own.map(({ area }) => area.id),
        ),
      ),
    );
    return standing.map(({ area, status, told: since, note }) => {
      const { gate, visits = [] } = status;
      const history = histories.map((some) => some.get(area.id)).find((one) => one !== undefined);
      const reason = note?.until === gate?.until ? (note?.reason ?? null) : null;
      return {
        ...placeOf(area),
        since,
        gate: gate ? { ...gate, reason } : null,
        visits,
        use: closureUse(area.kind, history, nowMs),
      };
    });
  };

  return [
    defineRoute({
      method: 'get',
      path: '/api/v1/masks',
      action: 'mask.read',
      authentication: 'session',
      summary: 'Areas of which a part of the picture is covered, and by whom; nothing of who is inside',
      query: MasksQuery,
      reply: MaskPage,
      handle: ({ principal, query }) => {
        const own = masked.filter((area) => isAsked(area, principal, query.region));
        const { items, nextCursor } = toPage(own, query);
        return {
          items: items.map((area) => ({
            ...placeOf(area),
            feeds: area.feeds.length,
            byNodes: area.feeds.filter(({ masks }) => masks).length,
          })),
          nextCursor,
        };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/closures',
      action: 'closure.read',
      authentication: 'session',
      summary:
        'Areas of which is shown now what is covered, and areas that nobody may watch now: by whom, why, until when, and how often against what is too much',
      query: ClosuresQuery,
      reply: ClosureList,
      handle: async ({ principal, query }) => {
        const nowMs = now();
        const areas = registry.nation.areas.filter((area) => isAsked(area, principal, query.region));
        const [lifted, closed] = await Promise.all([liftedIn(areas, nowMs), closedIn(areas, nowMs)]);
        return {
          at: new Date(nowMs).toISOString(),
          lifted: longestFirst(lifted).slice(0, MAX_CLOSURES),
          closed: longestFirst(closed).slice(0, MAX_CLOSURES),
          isCut: lifted.length > MAX_CLOSURES || closed.length > MAX_CLOSURES,
        };
      },
    }),
  ];
}

function isAsked(area: Area, principal: Principal, region: RegionId | undefined): boolean {
  if (principal.kind !== 'person') throw new VartaError('forbidden');
  return (region === undefined || area.regionId === region) && isInScope(principal.scope, area);
}

function placeOf({ id: areaId, facilityId, regionId }: Area) {
  return { areaId, facilityId, regionId };
}

function longestFirst<T extends { since: string }>(items: readonly T[]): T[] {
  return items.toSorted((a, b) => Date.parse(a.since) - Date.parse(b.since));
}
