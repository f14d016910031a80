import type { CaseViewing } from '#contract/cases.ts';
import type { RegionId } from '#contract/ids.ts';
import type { ReportedViewing, ViewingPage, ViewingQuery } from '#contract/viewings.ts';
import type { Registry } from '../../nation/registry.ts';
import type { PlacedSpan } from '../state/spans.ts';
import { LONGEST_VIEWING_MS, type ToldViewing, type ViewingList, withinStay } from './viewing-entries.ts';

/** Viewings that are looked at for one page; a filter that passes few of very many goes on on the next page. */
const MAX_SCANNED = 2_000;
/** All time, as a stay. */
const ALL_TIME: PlacedSpan['span'] = [0, null];

/** The lists of viewings that there are. */
interface ViewingLists {
  page(
    list: ViewingList,
    part: { fromMs: number; before: number; count: number },
  ): Promise<(ToldViewing & { place: number })[]>;
  during(regionId: RegionId, stay: PlacedSpan): Promise<{ viewings: CaseViewing[]; isCut: boolean }>;
}

interface ReportOptions {
  viewings: ViewingLists;
  registry: Pick<Registry, 'feed' | 'area'>;
  nowMs: number;
}

type Wanted = Pick<ViewingQuery, 'person' | 'from' | 'to' | 'cursor' | 'limit'>;

/** One page of these lists together. */
export async function reportOf(
  lists: readonly ViewingList[],
  wanted: Wanted,
  { viewings, registry, nowMs }: ReportOptions,
): Promise<ViewingPage> {
  const fromMs = wanted.from === undefined ? 0 : Date.parse(wanted.from);
  const toMs = wanted.to === undefined ? nowMs : Date.parse(wanted.to);
  const [at, seenThere] = (wanted.cursor ?? '').split('_').map(Number);
  // What goes on has its place after everything that can have ended.
  let before = at ? at : toMs + LONGEST_VIEWING_MS + 1;
  let skip = seenThere ?? 0;
  let scanned = 0;
  const items: ReportedViewing[] = [];
  for (;;) {
    const count = wanted.limit + 1 + skip;
    const read = await Promise.all(lists.map((list) => viewings.page(list, { fromMs, before, count })));
    const ordered = read.flat().sort(inOrder);
    const fresh = ordered.slice(skip, count);
    for (const told of fresh) {
      if (items.length === wanted.limit || scanned >= MAX_SCANNED)
        return { items, nextCursor: `${before}_${skip}`, isCut: false };
      scanned += 1;
      skip = told.place === before ? skip + 1 : 1;
      before = told.place;
      if (told.viewing.fromMs > toMs || (wanted.person !== undefined && told.viewing.by.id !== wanted.person))
        continue;
      items.push(...toReported(told, registry, nowMs));
    }
    if (ordered.length < count) return { items, nextCursor: null, isCut: false };
  }
}

/** All viewings of where somebody was, while they were there. */
export async function reportOfStays(
  { regionId, stays }: { regionId: RegionId; stays: readonly PlacedSpan[] },
  wanted: Wanted,
  { viewings, registry }: ReportOptions,
): Promise<ViewingPage> {
  const found = await Promise.all(stays.map((stay) => viewings.during(regionId, stay)));
  const items = found
    .flatMap((one) => one.viewings)
    .filter(
      ({ by, from, to }) =>
        (wanted.person === undefined || by.id === wanted.person) &&
        (wanted.to === undefined || Date.parse(from) <= Date.parse(wanted.to)) &&
        (wanted.from === undefined || to === null || Date.parse(to) >= Date.parse(wanted.from)),
    )
    .sort((a, b) => (a.from < b.from ? 1 : -1))
    .flatMap((viewing) => {
      const facilityId = registry.area(viewing.areaId)?.facilityId;
      return facilityId === undefined ? [] : [{ ...viewing, regionId, facilityId }];
    });
  return { items, nextCursor: null, isCut: found.some((one) => one.isCut) };
}

function toReported(told: ToldViewing, registry: Pick<Registry, 'feed'>, nowMs: number): ReportedViewing[] {
  const area = registry.feed(told.viewing.feedId)?.area;
  const viewing = area && withinStay(told, { areaId: area.id, span: ALL_TIME }, nowMs);
  return viewing ? [{ ...viewing, regionId: area.regionId, facilityId: area.facilityId }] : [];
}

/** As Redis orders them, so that lists can be put together: by place, then by the text of the viewing, backwards. */
function inOrder(a: ToldViewing & { place: number }, b: ToldViewing & { place: number }): number {
  if (a.place !== b.place) return b.place - a.place;
  return JSON.stringify(a.viewing) < JSON.stringify(b.viewing) ? 1 : -1;
}
