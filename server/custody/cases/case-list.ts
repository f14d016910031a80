import { z } from 'zod';
import { type CasePage, type CaseQuery, CaseSummary } from '#contract/cases.ts';
import type { FacilityId, RegionId } from '#contract/ids.ts';
import type { Redis } from '../../adapters/redis/connect.ts';
import { keys } from '../../adapters/redis/keys.ts';

/** Names that are looked at for one page; a facility among very many goes on on the next page. */
const MAX_SCANNED = 20_000;
const CHUNK = 200;

/** Where a page ended. */
export interface Cursor {
  beganMs: number;
  member: string;
}

interface Wanted {
  regionIds: readonly RegionId[];
  state: CaseQuery['state'];
  limit: number;
  after: Cursor | undefined;
  accepts(facilityId: FacilityId, regionId: RegionId): boolean;
}

interface Named extends Cursor {
  regionId: RegionId;
}

/** Lists of cases, from what the projection says of each. Methods throw what the connection throws while Redis is away. */
export class CaseList {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** One page, newest detention first over all regions. */
  async page(wanted: Wanted): Promise<CasePage> {
    const found: Named[] = [];
    let last: Named | undefined;
    let scanned = 0;
    for await (const named of this.#merged(wanted)) {
      // A case that came meanwhile shifts those that are read later; what was seen is not shown twice.
      if (last && compare(named, last) <= 0) continue;
      if (found.length === wanted.limit || scanned === MAX_SCANNED)
        return {
          items: await this.#summaries(found, wanted.state),
          nextCursor: last ? formatCursor(last) : null,
        };
      scanned += 1;
      last = named;
      if (wanted.accepts(facilityOf(named.member), named.regionId)) found.push(named);
    }
    return { items: await this.#summaries(found, wanted.state), nextCursor: null };
  }

  /** Merges the regions' cases, each of which comes newest first. */
  async *#merged({ regionIds, state, after }: Wanted): AsyncGenerator<Named> {
    const heads = await Promise.all(
      regionIds.map(async (regionId) => {
        const iterator = this.#newestFirst(regionId, state, after);
        return { iterator, next: await iterator.next() };
      }),
    );
    for (;;) {
      const [newest] = heads
        .filter(({ next }) => !next.done)
        .sort((a, b) => (a.next.done || b.next.done ? 0 : compare(a.next.value, b.next.value)));
      if (!newest || newest.next.done) return;
      yield newest.next.value;
      newest.next = await newest.iterator.next();
    }
  }

  async *#newestFirst(
    regionId: RegionId,
    state: CaseQuery['state'],
    after: Cursor | undefined,
  ): AsyncGenerator<Named, undefined> {
    const key = state === 'open' ? keys.casesOpen(regionId) : keys.cases(regionId);
    for (let offset = 0; ; offset += CHUNK) {
      const chunk = await this.#redis.zRangeWithScores(key, after?.beganMs ?? '+inf', '-inf', {
        BY: 'SCORE',
        REV: true,
        LIMIT: { offset, count: CHUNK },
      });
      const isOpen =
        state === 'closed' && chunk.length > 0
          ? await this.#redis.zmScore(
              keys.casesOpen(regionId),
              chunk.map(({ value }) => value),
            )
          : [];
      for (const [index, { value, score }] of chunk.entries()) {
        const named = { regionId, member: value, beganMs: score };
        const isPassed = after !== undefined && compare(named, after) <= 0;
        if (!isPassed && (isOpen[index] ?? null) === null) yield named;
      }
      if (chunk.length < CHUNK) return;
    }
  }

  async #summaries(named: readonly Named[], state: CaseQuery['state']): Promise<CaseSummary[]> {
    const byRegion = Map.groupBy(named, ({ regionId }) => regionId);
    const read = new Map<string, CaseSummary>();
    await Promise.all(
      Array.from(byRegion, async ([regionId, own]) => {
        const members = own.map(({ member }) => member);
        const texts = await this.#redis.hmGet(keys.caseSummaries(regionId), members);
        texts.forEach((json, index) => {
          if (json) read.set(`${regionId} ${members[index]}`, CaseSummary.parse(JSON.parse(json)));
        });
      }),
    );
    return named.flatMap(({ regionId, member }) => {
      const summary = read.get(`${regionId} ${member}`);
      // Neither open nor closed is a case that nothing was heard of for so long that the projection let go of it.
      return summary && (state !== 'closed' || summary.closedAt !== null) ? [summary] : [];
    });
  }
}

/** A cursor as text for URLs. */
export function formatCursor({ beganMs, member }: Cursor): string {
  return Buffer.from(JSON.stringify([beganMs, member])).toString('base64url');
}

const CursorText = z.tuple([z.number(), z.string().regex(/^[a-z0-9-]+\/[a-z0-9-]+$/)]);

/** Reads a cursor; undefined for what is none. */
export function parseCursor(text: string): Cursor | undefined {
  try {
    const [beganMs, member] = CursorText.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    return { beganMs, member };
  } catch {
    return undefined;
  }
}

function facilityOf(member: string): FacilityId {
  return member.slice(0, member.indexOf('/'));
}

/** Newest first; of those of the same instant, in the opposite order of their names, as Redis gives them. */
function compare(a: Cursor, b: Cursor): number {
  if (a.beganMs !== b.beganMs) return b.beganMs - a.beganMs;
  return a.member === b.member ? 0 : a.member < b.member ? 1 : -1;
}
