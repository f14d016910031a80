import { z } from 'zod';
import { AuditEntry } from '#contract/audit.ts';
import type { CaseViewing } from '#contract/cases.ts';
import type { RegionId } from '#contract/ids.ts';
import type { Redis } from '../../adapters/redis/connect.ts';
import { keys } from '../../adapters/redis/keys.ts';
import { defineScript, runScript } from '../../adapters/redis/script.ts';
import type { PlacedSpan } from '../state/area-history.ts';
import { type AreaOf, LONGEST_VIEWING_MS, Viewing, viewingsIn, withinStay } from './viewing-entries.ts';

/** Entries of the audit that are read at once. */
const CHUNK = 500;
/** Viewings of one stay that are told. */
const MAX_TOLD = 500;

/**
 * KEYS position, then areas. ARGV position expected, new position, then for each viewing the number of its area's key, '1'
 * if it has ended, its end or else the latest that it can have (ms), and the viewing. What has ended stays ended, in
 * whatever order it is told.
 * Returns 1, or 0 if somebody else has moved the position since.
 */
const ADD = defineScript(`
if (redis.call('GET', KEYS[1]) or '0') ~= ARGV[1] then return 0 end
for i = 3, #ARGV, 4 do
  local area = KEYS[tonumber(ARGV[i])]
  if ARGV[i + 1] == '1' then redis.call('ZADD', area, ARGV[i + 2], ARGV[i + 3])
  else redis.call('ZADD', area, 'NX', ARGV[i + 2], ARGV[i + 3]) end
end
redis.call('SET', KEYS[1], ARGV[2])
return 1
`);

const StoredEntry = z.object({ json: z.string() });

/**
 * Who saw an area when. The audit is the record; this is its index by area, which reads on from where it was. Methods
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
    const viewings = found.flatMap(({ value, score }) => {
      const viewing = Viewing.parse(JSON.parse(value));
      const toMs = score === openUntilMs(viewing) ? undefined : score;
      return withinStay({ viewing, toMs }, stay, nowMs) ?? [];
    });
    viewings.sort((a, b) => (a.from < b.from ? 1 : -1));
    return { viewings: viewings.slice(0, MAX_TOLD), isCut: found.length > MAX_TOLD };
  }

  async #add(regionId: RegionId, position: string, entries: readonly AuditEntry[]): Promise<void> {
    const areas = new Map<string, number>();
    const args = entries.flatMap(viewingsIn).flatMap(({ viewing, toMs }) => {
      const areaId = this.#areaOf(viewing.feedId);
      if (areaId === undefined) return [];
      const number = areas.get(areaId) ?? areas.size + 2;
      areas.set(areaId, number);
      const untilMs = toMs ?? openUntilMs(viewing);
      return [String(number), toMs === undefined ? '0' : '1', String(untilMs), JSON.stringify(viewing)];
    });
    const areaKeys = Array.from(areas.keys(), (areaId) => keys.viewings({ regionId, areaId }));
    const last = entries.at(-1)?.seq ?? 0;
    await runScript(
      this.#redis,
      ADD,
      [keys.viewingsPosition(regionId), ...areaKeys],
      [position, String(last), ...args],
    );
  }
}

/** The end that stands for one that is not known yet: later than any viewing can end. */
function openUntilMs({ fromMs }: Viewing): number {
  return fromMs + LONGEST_VIEWING_MS + 1;
}
