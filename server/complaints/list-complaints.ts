import type { Complaint, ComplaintPage } from '#contract/complaints.ts';
import type { RegionId } from '#contract/ids.ts';
import { type Cursor, formatCursor } from '../flags/list-flags.ts';

/** Complaints that are looked at for one page; a filter that passes few of very many goes on on the next page. */
const MAX_SCANNED = 2_000;

interface Wanted {
  regionIds: readonly RegionId[];
  limit: number;
  after: Cursor | undefined;
  nowMs: number;
  accepts(complaint: Complaint): boolean;
}

/** A source of a region's complaints, newest first. */
export interface ComplaintSource {
  newestFirst(regionId: RegionId, untilMs: number): AsyncIterable<Complaint>;
}

/** One page of complaints, newest first over all regions. It has a cursor whenever there may be more, also if it is empty. */
export async function listComplaints(
  source: ComplaintSource,
  { regionIds, limit, after, nowMs, accepts }: Wanted,
  maxScanned = MAX_SCANNED,
): Promise<ComplaintPage> {
  const items: Complaint[] = [];
  let scanned = 0;
  let last = after;
  for await (const one of merged(source, regionIds, after?.atMs ?? nowMs)) {
    const at = cursorOf(one);
    // One that was taken meanwhile shifts those that are read later; what was seen is not shown twice.
    if (last && !isOlder(at, last)) continue;
    if (items.length === limit || scanned === maxScanned)
      return { items, nextCursor: last ? formatCursor(last) : null };
    scanned += 1;
    last = at;
    if (accepts(one)) items.push(one);
  }
  return { items, nextCursor: null };
}

async function* merged(
  source: ComplaintSource,
  regionIds: readonly RegionId[],
  untilMs: number,
): AsyncGenerator<Complaint> {
  const iterators = regionIds.map((id) => source.newestFirst(id, untilMs)[Symbol.asyncIterator]());
  const heads = await Promise.all(
    iterators.map(async (iterator) => ({ iterator, next: await iterator.next() })),
  );
  for (;;) {
    const rest = heads.filter(({ next }) => !next.done);
    const [newest] = rest.sort((a, b) => (isOlder(cursorOf(a.next.value), cursorOf(b.next.value)) ? 1 : -1));
    if (!newest) return;
    yield newest.next.value;
    newest.next = await newest.iterator.next();
  }
}

function cursorOf(one: Complaint): Cursor {
  return { atMs: Date.parse(one.history[0]?.at ?? ''), id: one.id };
}

function isOlder(one: Cursor, than: Cursor): boolean {
  return one.atMs < than.atMs || (one.atMs === than.atMs && one.id < than.id);
}
