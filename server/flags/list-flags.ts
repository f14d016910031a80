import type { Flag, FlagPage, FlagQuery } from '#contract/flags.ts';
import type { RegionId } from '#contract/ids.ts';
import { raisedAtMs } from './flag.ts';

/** Flags that are looked at for one page; a filter that passes few of very many goes on on the next page. */
const MAX_SCANNED = 5_000;

/** Where a page ended. */
export interface Cursor {
  atMs: number;
  id: string;
}

/** Sources of flags, each newest first. */
export interface FlagSources {
  open(regionId: RegionId): Promise<Flag[]>;
  newestFirst(regionId: RegionId, untilMs: number): AsyncIterable<Flag>;
}

interface Wanted {
  regionIds: readonly RegionId[];
  state: FlagQuery['state'];
  limit: number;
  after: Cursor | undefined;
  nowMs: number;
  accepts(flag: Flag): boolean;
}

/** One page of flags, newest first over all regions. */
export async function listFlags(sources: FlagSources, wanted: Wanted): Promise<FlagPage> {
  const { after, limit, state } = wanted;
  const candidates = state === 'open' ? await openFlags(sources, wanted) : everyFlag(sources, wanted);
  const items: Flag[] = [];
  let scanned = 0;
  let last: Flag | undefined;
  for await (const flag of candidates) {
    if (after && !isOlder(flag, after)) continue;
    // A flag that was raised meanwhile shifts those that are read later; what was seen is not shown twice.
    if (last && !isOlder(flag, cursorOf(last))) continue;
    if (items.length === limit || scanned === MAX_SCANNED) {
      return { items, nextCursor: last ? formatCursor(cursorOf(last)) : null };
    }
    scanned += 1;
    last = flag;
    if ((state !== 'closed' || isClosed(flag)) && wanted.accepts(flag)) items.push(flag);
  }
  return { items, nextCursor: null };
}

/** A cursor as text for URLs. */
export function formatCursor({ atMs, id }: Cursor): string {
  return `${atMs}_${id}`;
}

/** Reads a cursor; undefined for what is none. */
export function parseCursor(text: string): Cursor | undefined {
  const match = /^(\d{1,15})_([0-9a-f-]{36})$/i.exec(text);
  return match?.[1] && match[2] ? { atMs: Number(match[1]), id: match[2] } : undefined;
}

async function openFlags(sources: FlagSources, { regionIds }: Wanted): Promise<Flag[]> {
  const found = await Promise.all(regionIds.map((id) => sources.open(id)));
  return found.flat().sort(newerFirst);
}

/** Merges the regions' flags, each of which comes newest first. */
async function* everyFlag(sources: FlagSources, { regionIds, after, nowMs }: Wanted): AsyncGenerator<Flag> {
  const untilMs = after?.atMs ?? nowMs;
  const iterators = regionIds.map((id) => sources.newestFirst(id, untilMs)[Symbol.asyncIterator]());
  const heads = await Promise.all(
    iterators.map(async (iterator) => ({ iterator, next: await iterator.next() })),
  );
  for (;;) {
    const rest = heads.filter(({ next }) => !next.done);
    const [newest] = rest.sort((a, b) => newerFirst(a.next.value, b.next.value));
    if (!newest) return;
    yield newest.next.value;
    newest.next = await newest.iterator.next();
  }
}

function isClosed(flag: Flag): boolean {
  return flag.state === 'resolved' || flag.state === 'dismissed';
}

function cursorOf(flag: Flag): Cursor {
  return { atMs: raisedAtMs(flag), id: flag.id };
}

function isOlder(flag: Flag, than: Cursor): boolean {
  const atMs = raisedAtMs(flag);
  return atMs < than.atMs || (atMs === than.atMs && flag.id < than.id);
}

function newerFirst(a: Flag, b: Flag): number {
  return isOlder(a, cursorOf(b)) ? 1 : -1;
}
