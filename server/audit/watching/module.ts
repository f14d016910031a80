import { z } from 'zod';
import { VartaError } from '#contract/errors.ts';
import type { FeedId, RegionId } from '#contract/ids.ts';
import { nameBasedId } from '#contract/name-based-id.ts';
import { ReviewWatchingBody, WatchingFinding, WatchingList } from '#contract/watching.ts';
import { NIGHT_WATCHING } from '../../../config/watching/watching.ts';
import { isInScope, type Principal } from '../../access/decide.ts';
import { type AnyRoute, defineRoute } from '../../adapters/http/route.ts';
import type { Redis } from '../../adapters/redis/connect.ts';
import { Leases } from '../../adapters/redis/leases.ts';
import { repeat } from '../../concurrency/repeat.ts';
import { createCalendar } from '../../custody/state/local-day.ts';
import type { Registry } from '../../nation/registry.ts';
import { assertMay } from '../assert-may.ts';
import { type AuditLog, toAuditActor } from '../audit.ts';
import { FindingStore } from './finding-store.ts';
import { longWatching, nightsBefore, type WatchedSpan } from './night-watching.ts';

/** How often watching is looked at. */
const LOOK_MS = 5 * 60_000;
/** Viewings read at once, and at most in one look at a region. */
const CHUNK = 1_000;
const MAX_READ = 50_000;
/** Findings that a list tells. */
const MAX_TOLD = 200;

/** A viewing as the index tells it. */
interface ListedViewing {
  viewing: { fromMs: number; feedId: FeedId; by: { kind: string; id: string } };
  toMs: number | undefined;
  seen?: { high: number } | undefined;
  place: number;
}

interface WatchingModuleOptions {
  redis: Redis;
  registry: Registry;
  /** All viewings of a region, by their end, newest first. */
  viewings: {
    catchUp(regionId: RegionId, signal?: AbortSignal): Promise<void>;
    page(
      list: { regionId: RegionId },
      part: { fromMs: number; before: number; count: number },
    ): Promise<ListedViewing[]>;
  };
  audit: AuditLog;
  /**
   * Tells those who may know of a finding; again at every look at its night until it is reviewed, so that neither a
   * failure nor anybody's death in between loses it.
   */
  onFound(finding: WatchingFinding): Promise<void>;
  replicaId: string;
  now: () => number;
  log: { warn(fields: object, message: string): void };
}

export interface WatchingModule extends AsyncDisposable {
  readonly routes: AnyRoute[];
}

/**
 * Looks at the watching itself. What it finds is told to those who may read the audit, and is no flag: flags are seen by
 * the very people whom it is about, and by their superiors. Disposal ends the looking.
 */
export function createWatchingModule(options: WatchingModuleOptions): WatchingModule {
  const { redis, registry, viewings, audit, onFound, replicaId, now, log } = options;
  const store = new FindingStore({ redis, audit });
  const leases = new Leases({ redis, holder: replicaId, ttlMs: LOOK_MS * 2 });
  const calendar = createCalendar(registry.nation.timeZone);

  /** One that cannot be told now keeps neither the others nor the looking waiting: the next look tells it again. */
  const tell = async (finding: WatchingFinding): Promise<void> => {
    try {
      await onFound(finding);
    } catch (error) {
      log.warn({ err: error, finding: finding.id }, 'a finding about watching could not be told');
    }
  };

  const spansSince = async (regionId: RegionId, fromMs: number): Promise<WatchedSpan[]> => {
    const spans: WatchedSpan[] = [];
    // What goes on has its place after every end, and is looked at when it has ended.
    let before = now();
    let read = 0;
    for (;;) {
      const page = await viewings.page({ regionId }, { fromMs, before, count: CHUNK });
      for (const { viewing, toMs, seen } of page) {
        const areaId = registry.feed(viewing.feedId)?.area.id;
        if (toMs === undefined || areaId === undefined || viewing.by.kind !== 'person') continue;
        spans.push({ person: viewing.by.id, areaId, fromMs: viewing.fromMs, toMs, seenHigh: seen?.high });
      }
      read += page.length;
      const last = page.at(-1);
      if (!last || page.length < CHUNK) return spans;
      if (read >= MAX_READ) {
        log.warn({ region: regionId }, 'too many viewings of a night: only the latest are looked at');
        return spans;
      }
      // Those that ended in the very same millisecond as the last one are left out; at most one page's worth is that long.
      before = last.place - 1;
    }
  };

  const look = async (regionId: RegionId, signal: AbortSignal): Promise<void> => {
    await viewings.catchUp(regionId, signal);
    const nights = nightsBefore(now(), (atMs) => calendar.dayOf(atMs).fromMs, NIGHT_WATCHING);
    const spans = await spansSince(regionId, Math.min(...nights.map(({ fromMs }) => fromMs)));
    for (const night of nights)
      for (const { person, areaId, seconds } of longWatching(spans, night, NIGHT_WATCHING)) {
        const area = registry.area(areaId);
        const id = nameBasedId(['watching', person, areaId, night.fromMs].join(' '));
        if (!area) continue;
        const known = (await store.find(id, [regionId]))?.finding;
        if (known) {
          if (!known.reviewed) await tell(known);
          continue;
        }
        const finding: WatchingFinding = {
          id,
          regionId,
          facilityId: area.facilityId,
          areaId,
          person,
          from: new Date(night.fromMs).toISOString(),
          to: new Date(night.toMs).toISOString(),
          seconds,
          foundAt: new Date(now()).toISOString(),
          reviewed: null,
        };
        await store.change(undefined, finding, {
          actor: { kind: 'system', id: 'night-watching' },
          action: 'watching.find',
          resource: `area:${areaId}`,
          outcome: 'done',
          // Whoever reads the audit may be the one who watched: whom it is about stands in the finding alone.
          details: { finding: id },
        });
        await tell(finding);
      }
  };

  const looking = repeat(
    async (signal) => {
      for (const { id } of registry.nation.regions) {
        if (signal.aborted) return;
        try {
          if (await leases.hold(`watching:${id}`)) await look(id, signal);
        } catch (error) {
          if (signal.aborted) return;
          log.warn({ err: error, region: id }, 'watching in a region could not be looked at');
        }
      }
    },
    { everyMs: LOOK_MS, onError: (error) => log.warn({ err: error }, 'watching could not be looked at') },
  );

  const list = async (principal: Principal): Promise<WatchingList> => {
    if (principal.kind !== 'person') throw new VartaError('forbidden');
    const { scope } = principal;
    const found = await Promise.all(registry.regionsWithin(scope).map((regionId) => store.all(regionId)));
    const items = found
      .flat()
      // Nobody is told of their own.
      .filter((finding) => isInScope(scope, finding) && finding.person !== principal.username)
      .sort((a, b) => (a.foundAt < b.foundAt ? 1 : -1));
    return { items: items.slice(0, MAX_TOLD), isCut: items.length > MAX_TOLD };
  };

  const review = async (principal: Principal, id: string, note: string): Promise<WatchingFinding> => {
    if (principal.kind !== 'person') throw new VartaError('forbidden');
    const stored = await store.find(id, registry.regionsWithin(principal.scope));
    if (!stored || stored.finding.person === principal.username)
      throw new VartaError('not_found', `there is no finding ${id}`);
    const { finding } = stored;
    const { regionId, facilityId, areaId } = finding;
    const resource = { kind: 'facility', regionId, facilityId } as const;
    assertMay({ principal, action: 'watching.review', resource }, audit);
    if (finding.reviewed) throw new VartaError('invalid_transition', 'this is reviewed already');
    const after: WatchingFinding = {
      ...finding,
      reviewed: { by: principal.username, at: new Date(now()).toISOString(), note },
    };
    const done = await store.change(stored, after, {
      actor: toAuditActor(principal),
      action: 'watching.review',
      resource: `area:${areaId}`,
      outcome: 'done',
      details: { finding: id },
    });
    if (!done) throw new VartaError('conflict');
    return after;
  };

  return {
    routes: [
      defineRoute({
        method: 'get',
        path: '/api/v1/audit/watching',
        action: 'audit.read',
        authentication: 'session',
        summary: 'Long watching of one area by one person at night, newest first; for outside control',
        reply: WatchingList,
        handle: ({ principal }) => list(principal),
      }),
      defineRoute({
        method: 'post',
        path: '/api/v1/audit/watching/:findingId/review',
        action: 'watching.review',
        authentication: 'session',
        summary: 'Say what became of a finding about watching',
        params: z.strictObject({ findingId: z.uuid() }),
        body: ReviewWatchingBody,
        reply: WatchingFinding,
        handle: ({ principal, params, body }) => review(principal, params.findingId, body.note),
      }),
    ],
    [Symbol.asyncDispose]: () => looking[Symbol.asyncDispose](),
  };
}
