import { z } from 'zod';
import { AuditEntry } from '#contract/audit.ts';
import type { CaseViewing } from '#contract/cases.ts';
import type { RegionId } from '#contract/ids.ts';
import type { Redis } from '../../adapters/redis/connect.ts';
import { keys } from '../../adapters/redis/keys.ts';
import { defineScript, runScript } from '../../adapters/redis/script.ts';
import type { PlacedSpan } from '../state/spans.ts';
import {
  type AreaOf,
  LONGEST_VIEWING_MS,
  SeenSeconds,
  type ToldViewing,
  Viewing,
  type ViewingList,
  viewingsIn,
  withinStay,
} from './viewing-entries.ts';

/** Entries of the audit that are read at once. */
const CHUNK = 500;
/** Viewings of one stay that are told. */
const MAX_TOLD = 500;

/**
 * KEYS position, seen times, then the lists of areas, people and the region. ARGV position expected, new position, then
 * for each viewing the numbers of its three lists, '1' if it has ended, its end or else the latest that it can have (ms),
 * the viewing, its name among seen times, and what was seen ('' if nothing is known). What has ended stays ended, in
 * whatever order it is told.
 * Returns 1, or 0 if somebody else has moved the position since.
 */
const ADD = defineScript(`
if (redis.call('GET', KEYS[1]) or '0') ~= ARGV[1] then return 0 end
for i = 3, #ARGV, 8 do
  for list = i, i + 2 do
    local key = KEYS[tonumber(ARGV[list])]
    if ARGV[i + 3] == '1' then redis.call('ZADD', key, ARGV[i + 4], ARGV[i + 5])
    else redis.call('ZADD', key, 'NX', ARGV[i + 4], ARGV[i + 5]) end
  end
  if ARGV[i + 7] ~= '' then redis.call('HSET', KEYS[2], ARGV[i + 6], ARGV[i + 7]) end
end
redis.call('SET', KEYS[1], ARGV[2])
return 1
`);

const StoredEntry = z.object({ json: z.string() });

/**
 * Who saw an area when. The audit is the record; this is its index by area, by person and by region, which reads on from where it was. Methods
 * throw what the connection throws while Redis is away.
 */
export class ViewingIndex {
  readonly #redis: Redis;
  readonly #areaOf: AreaOf;
  readonly #now: () => number;

  constructor({ redis, areaOf, now }: { redis: Redis; areaOf: AreaOf; now: () => number }) {
    this.#redis = redis;
    this.#areaOf = areaOf;
    this.#now = now;
  }

  /** Takes in what the audit of a region has more than the index. Any number of replicas may do it at once. */
  async catchUp(regionId: RegionId, signal?: AbortSignal): Promise<void> {
    while (!signal?.aborted) {
      const position = (await this.#redis.get(keys.viewingsPosition(regionId))) ?? '0';
      const found = await this.#redis.xRange(keys.audit(regionId), `(${position}-0`, '+', { COUNT: CHUNK });
      if (!found || found.length === 0) return;
      const entries = found.map(({ message }) =>
        AuditEntry.parse(JSON.parse(StoredEntry.parse(message).json)),
      );
      await this.#add(regionId, position, entries);
      if (found.length < CHUNK) return;
    }
  }

  /** Viewings of an area while somebody was there, newest first. `isCut`: there are older ones. */
  async during(regionId: RegionId, stay: PlacedSpan): Promise<{ viewings: CaseViewing[]; isCut: boolean }> {
    const nowMs = this.#now();
    const key = keys.viewings({ regionId, areaId: stay.areaId });
    // Those that ended in the stay, or soon enough after it to have begun in it.
    const found = await this.#redis.zRangeWithScores(
      key,
      (stay.span[1] ?? nowMs) + LONGEST_VIEWING_MS + 1,
      stay.span[0],
      { BY: 'SCORE', REV: true, LIMIT: { offset: 0, count: MAX_TOLD + 1 } },
    );
    const told = await this.#told(regionId, found);
    const viewings = told.flatMap((one) => withinStay(one, stay, nowMs) ?? []);
    viewings.sort((a, b) => (a.from < b.from ? 1 : -1));
    return { viewings: viewings.slice(0, MAX_TOLD), isCut: found.length > MAX_TOLD };
  }

  /**
   * Viewings of a list whose place in it is at or before `before` and at or after `fromMs`: those that go on first, then by
   * their end, newest first.
   */
  async page(
    list: ViewingList,
    { fromMs, before, count }: { fromMs: number; before: number; count: number },
  ): Promise<(ToldViewing & { place: number })[]> {
    const found = await this.#redis.zRangeWithScores(keyOf(list), before, fromMs, {
      BY: 'SCORE',
      REV: true,
      LIMIT: { offset: 0, count },
    });
    const told = await this.#told(list.regionId, found);
    return told.map((one, index) => ({ ...one, place: found[index]?.score ?? 0 }));
  }

  async #told(
    regionId: RegionId,
    found: readonly { value: string; score: number }[],
  ): Promise<ToldViewing[]> {
    if (found.length === 0) return [];
    const viewings = found.map(({ value }) => Viewing.parse(JSON.parse(value)));
    const seen = await this.#redis.hmGet(keys.viewingsSeen(regionId), viewings.map(nameOf));
    return viewings.map((viewing, index) => {
      const score = found[index]?.score;
      const [seconds, high] = (seen[index] ?? '').split(' ').map(Number);
      return {
        viewing,
        toMs: score === openUntilMs(viewing) ? undefined : score,
        seen: SeenSeconds.safeParse({ seconds, high }).data,
      };
    });
  }

  async #add(regionId: RegionId, position: string, entries: readonly AuditEntry[]): Promise<void> {
    const lists = new Map<string, number>();
    const numberOf = (list: ViewingList): string => {
      const key = keyOf(list);
      const number = lists.get(key) ?? lists.size + 3;
      lists.set(key, number);
      return String(number);
    };
    const args = entries.flatMap(viewingsIn).flatMap(({ viewing, toMs, seen }) => {
      const areaId = this.#areaOf(viewing.feedId);
      if (areaId === undefined) return [];
      return [
        numberOf({ regionId, areaId }),
        numberOf({ regionId, actorId: viewing.by.id }),
        numberOf({ regionId }),
        toMs === undefined ? '0' : '1',
        String(toMs ?? openUntilMs(viewing)),
        JSON.stringify(viewing),
        nameOf(viewing),
        seen ? `${seen.seconds} ${seen.high}` : '',
      ];
    });
    const last = entries.at(-1)?.seq ?? 0;
    await runScript(
      this.#redis,
      ADD,
      [keys.viewingsPosition(regionId), keys.viewingsSeen(regionId), ...lists.keys()],
      [position, String(last), ...args],
    );
  }
}

function keyOf(list: ViewingList): string {
  if ('areaId' in list && list.areaId !== undefined)
    return keys.viewings({ regionId: list.regionId, areaId: list.areaId });
  if ('actorId' in list && list.actorId !== undefined)
    return keys.viewingsBy({ regionId: list.regionId, actorId: list.actorId });
  return keys.viewingsWithin(list.regionId);
}

function nameOf({ feedId, viewerId, fromMs }: Viewing): string {
  return `${feedId} ${viewerId} ${fromMs}`;
}

/** The end that stands for one that is not known yet: later than any viewing can end. */
function openUntilMs({ fromMs }: Viewing): number {
  return fromMs + LONGEST_VIEWING_MS + 1;
}
