import { VartaError } from '#contract/errors.ts';
import {
  type Day,
  DigestQuery,
  DigestReply,
  FiguresQuery,
  FiguresReply,
  type FiguresRow,
  MAX_FIGURE_DAYS,
  type FiguresQuery as Query,
} from '#contract/figures.ts';
import type { RegionId } from '#contract/ids.ts';
import type { LimitInfo } from '#contract/live.ts';
import { SMALLEST_PUBLISHED } from '../../config/figures.ts';
import { isInScope, type Principal, type Resource } from '../access/decide.ts';
import { type AnyRoute, defineRoute } from '../adapters/http/route.ts';
import { assertMay } from '../audit/assert-may.ts';
import type { AuditLog } from '../audit/audit.ts';
import type { Registry } from '../nation/registry.ts';
import type { DayTable } from './day-table.ts';
import { digestNumbers, digestTable } from './digest.ts';
import { toCsv } from './figures-csv.ts';
import { type FiguresReader, groupSums, type PlacedSums } from './figures-reader.ts';
import { peopleBehind } from './people-behind.ts';
import { addUp, type Sums } from './sums.ts';
import { limitsOn, toDayFigures, toFigures } from './to-figures.ts';

interface RoutesOptions {
  reader: Pick<FiguresReader, 'read' | 'isComplete'>;
  /** Further sums, such as those of complaints from the hotline. */
  more?: ((regionId: RegionId, from: Day, to: Day) => Promise<PlacedSums[]>) | undefined;
  registry: Registry;
  limits: readonly LimitInfo[];
  days: DayTable;
  audit: Pick<AuditLog, 'auditRefusal'>;
  now: () => number;
}

/** Accountability figures, and the digest that may be published. */
export function figureRoutes(options: RoutesOptions): AnyRoute[] {
  const { reader, more, registry, days, audit, now } = options;
  const { nation } = registry;
  const law = limitsOn('law', options.limits);
  const guidance = limitsOn('guidance', options.limits);

  const assertAllowed = (principal: Principal, resource: Resource) => {
    assertMay({ principal, action: 'figures.read', resource }, audit);
  };

  /** What a query is about: the place of the whole, and what belongs to it. */
  const placeOf = (principal: Principal, { region, facility: facilityId }: Query) => {
    if (facilityId !== undefined) {
      const facility = registry.facility(facilityId);
      if (!facility) throw new VartaError('unknown_facility', `there is no facility ${facilityId}`);
      const { regionId } = facility;
      if (region !== undefined && region !== regionId)
        throw new VartaError('unknown_facility', `${facilityId} is not in ${region}`);
      assertAllowed(principal, { kind: 'facility', regionId, facilityId });
      return { place: { kind: 'facility', regionId, facilityId } as const, regionIds: [regionId] };
    }
    const scope = principal.kind === 'person' ? principal.scope : undefined;
    const regionIds = scope ? registry.regionsWithin(scope) : [];
    if (region === undefined)
      return { place: { kind: scope?.kind === 'nation' ? 'nation' : 'scope' } as const, regionIds };
    if (!registry.region(region)) throw new VartaError('unknown_region', `there is no region ${region}`);
    // Whoever has a part of the region has no figures of the region.
    assertAllowed(principal, { kind: 'region', regionId: region });
    return { place: { kind: 'region', regionId: region } as const, regionIds: [region] };
  };

  const period = ({ from, to }: Pick<Query, 'from' | 'to'>): { from: Day; to: Day } => {
    const today = days.at(now()).day;
    const last = to ?? (from !== undefined && from > today ? from : today);
    const first = from ?? `${last.slice(0, 7)}-01`;
    const length = (Date.parse(last) - Date.parse(first)) / 86_400_000 + 1;
    const problem =
      length < 1
        ? 'ends before it begins'
        : length > MAX_FIGURE_DAYS
          ? `is longer than ${MAX_FIGURE_DAYS} days`
          : '';
    if (problem === '') return { from: first, to: last };
    throw new VartaError('invalid', `to: the period ${problem}`, {
      issues: [{ path: ['to'], message: `the period ${problem}` }],
    });
  };

  const readAll = async (regionIds: readonly RegionId[], from: Day, to: Day) => {
    const found = await Promise.all(
      regionIds.map(async (id) => [
        ...(await reader.read(id, from, to)),
        ...((await more?.(id, from, to)) ?? []),
      ]),
    );
    const complete = await Promise.all(regionIds.map((id) => reader.isComplete(id)));
    return { sums: found.flat(), complete: complete.every(Boolean) };
  };

  const figures = async (principal: Principal, query: Query): Promise<FiguresReply> => {
    const { place, regionIds } = placeOf(principal, query);
    const { from, to } = period(query);
    const { sums, complete } = await readAll(regionIds, from, to);
    const mine = sums.filter(
      (one) =>
        principal.kind === 'person' &&
        isInScope(principal.scope, one) &&
        (place.kind !== 'facility' || one.facilityId === place.facilityId),
    );
    const by = query.by ?? (place.kind === 'nation' ? 'region' : 'facility');
    const byPlace = groupSums(mine, (one) => (by === 'region' ? one.regionId : one.facilityId));
    const rows: FiguresRow[] =
      by === 'region'
        ? regionIds.map((regionId) => ({
            place: { kind: 'region', regionId },
            figures: toFigures(byPlace.get(regionId) ?? {}),
          }))
        : nation.facilities
            .filter(
              (one) =>
                regionIds.includes(one.regionId) &&
                principal.kind === 'person' &&
                isInScope(principal.scope, { regionId: one.regionId, facilityId: one.id }) &&
                (place.kind !== 'facility' || one.id === place.facilityId),
            )
            .map((one) => ({
              place: { kind: 'facility', regionId: one.regionId, facilityId: one.id },
              figures: toFigures(byPlace.get(one.id) ?? {}),
            }));
    const byDay = groupSums(mine, ({ day }) => day);
    return {
      from,
      to,
      timeZone: nation.timeZone,
      asOf: new Date(now()).toISOString(),
      complete,
      sample: nation.sample,
      total: { place, figures: toFigures(addUp(mine.map((one) => one.sums))) },
      rows,
      days: days.between(from, to).map(({ day }) => toDayFigures(day, byDay.get(day) ?? {}, law)),
    };
  };

  const digest = async (month: string): Promise<DigestReply> => {
    const first = days.named(`${month}-01`);
    let last = first;
    for (let one = first; one.day.startsWith(month); one = days.at(one.untilMs)) last = one;
    const regionIds = nation.regions.map(({ id }) => id);
    const { sums, complete } = await readAll(regionIds, first.day, last.day);
    const byRegion = groupSums(sums, ({ regionId }) => regionId);
    const numbersOf = (counted: Sums) => digestNumbers(toFigures(counted), { law, guidance });
    const table = digestTable(
      regionIds.map((regionId) => {
        const counted = byRegion.get(regionId) ?? {};
        return { regionId, numbers: numbersOf(counted), people: peopleBehind(counted) };
      }),
      numbersOf(addUp(sums.map((one) => one.sums))),
      SMALLEST_PUBLISHED,
    );
    return {
      month,
      asOf: new Date(now()).toISOString(),
      provisional: now() < last.untilMs,
      complete,
      sample: nation.sample,
      smallest: SMALLEST_PUBLISHED,
      rows: nation.regions.map(({ id, status }) => ({
        regionId: id,
        reporting: status === 'reporting',
        cells: table.rows.get(id) ?? {},
      })),
      total: table.total,
    };
  };

  return [
    defineRoute({
      method: 'get',
      path: '/api/v1/figures',
      action: 'figures.read',
      authentication: 'session',
      summary: 'Accountability figures of a period, by region or facility; JSON or CSV',
      query: FiguresQuery,
      reply: FiguresReply,
      handle: async ({ principal, query, response }) => {
        const reply = await figures(principal, query);
        if (query.format === 'json') return reply;
        response
          .type('text/csv; charset=utf-8')
          .attachment(`varta-figures-${reply.from}-${reply.to}.csv`)
          .send(toCsv(reply));
        return undefined;
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/figures/digest',
      action: 'figures.read',
      authentication: 'session',
      summary: 'What of a month may be published: by region, small numbers kept back',
      query: DigestQuery,
      reply: DigestReply,
      handle: ({ query }) => digest(query.month),
    }),
  ];
}
