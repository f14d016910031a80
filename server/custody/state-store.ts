import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type AreaId, CaseId, FacilityId, type RegionId } from '#contract/ids.ts';
import { type AreaStatus, Clock } from '#contract/status.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { defineScript, runScript } from '../adapters/redis/script.ts';
import { LIVE_LUA, toPublishArgs } from '../live/publish.ts';

import { type CaseChange, caseMember } from './cases/case-summary.ts';
import { AreaHistory } from './state/area-history.ts';

import type { Basis } from './state/basis.ts';
import type { RegionCustody, UnplacedChange } from './state/region-custody.ts';
import { fromFields } from './state/state-fields.ts';

/** Raise it whenever the reducers derive something else from the same events: every region is then rebuilt. */
const REDUCER_VERSION = 5;

/** Where a stream begins. */
const START = '0-0';

/**
 * Compare-and-set of the projection's position, and with it everything that follows from the events up to there.
 * KEYS position, state, areas, seq, histories, unplaced, cases, open cases, summaries. ARGV 1 position expected, 2 new
 * position, 3 '1' to replace the whole state, 4-6 channel, before, after, 7 number of state fields, 8 of histories, 9 of
 * people in no area, 10 of statuses; then field and JSON ('' deletes), area id and JSON of each history, field and JSON (''
 * deletes) of each of those people, area id and JSON of each status, and for each case its name, its beginning, '1' while
 * it is open, its summary.
 * Returns 1 if it was written, 0 if the position was another one.
 */
const COMMIT = defineScript(`${LIVE_LUA}
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
if ARGV[3] == '1' then redis.call('DEL', KEYS[2], KEYS[5], KEYS[6], KEYS[7], KEYS[8], KEYS[9]) end
local histories_from = 11 + 2 * tonumber(ARGV[7])
local unplaced_from = histories_from + 2 * tonumber(ARGV[8])
local areas_from = unplaced_from + 2 * tonumber(ARGV[9])
local cases_from = areas_from + 2 * tonumber(ARGV[10])
local function put(key, from, to)
  for i = from, to - 1, 2 do
    if ARGV[i + 1] == '' then redis.call('HDEL', key, ARGV[i]) else redis.call('HSET', key, ARGV[i], ARGV[i + 1]) end
  end
end
put(KEYS[2], 11, histories_from)
put(KEYS[5], histories_from, unplaced_from)
put(KEYS[6], unplaced_from, areas_from)
put(KEYS[3], areas_from, cases_from)
for i = cases_from, #ARGV, 4 do
  redis.call('ZADD', KEYS[7], ARGV[i + 1], ARGV[i])
  if ARGV[i + 2] == '1' then redis.call('ZADD', KEYS[8], ARGV[i + 1], ARGV[i])
  else redis.call('ZREM', KEYS[8], ARGV[i]) end
  redis.call('HSET', KEYS[9], ARGV[i], ARGV[i + 3])
end
redis.call('SET', KEYS[1], ARGV[2])
if areas_from < cases_from then live_publish(KEYS[4], ARGV[4], ARGV[5], ARGV[6]) end
return 1
`);

const Hash = z.record(z.string(), z.string());

/** How far a region's events have been projected, as Redis holds it, and the state up to there. */
export interface Projection {
  /** The text in Redis that the next commit must still find; '' if there is none. */
  position: string;
  /** The last event that the state contains. */
  streamId: string;
  state: RegionCustody;
  /** The state is of another version: everything has to be projected anew, from the start. */
  outdated: boolean;
}

/** What a commit writes. */
export interface Commit {
  streamId: string;
  /** Fields of the state to write, and to delete (undefined). */
  fields: ReadonlyMap<string, string | undefined>;
  statuses: readonly AreaStatus[];
  /** Pasts of areas to write. */
  histories: ReadonlyMap<AreaId, AreaHistory>;
  unplaced: readonly UnplacedChange[];
  cases: readonly CaseChange[];
  /** The fields and cases are the whole state. */
  replaces: boolean;
}

/** States and positions of projections. Methods throw what the connection throws while Redis is away. */
export class StateStore {
  readonly #redis: Redis;
  readonly #basis: Basis;
  readonly #now: () => number;
  readonly #version: string;

  constructor({ redis, basis, now }: { redis: Redis; basis: Basis; now: () => number }) {
    this.#redis = redis;
    this.#basis = basis;
    this.#now = now;
    // Other norms and other areas give other statuses, and need a rebuilding as other reducers do.
    const digest = createHash('sha256').update(basis.text).digest('hex').slice(0, 12);
    this.#version = `${REDUCER_VERSION}-${digest}`;
  }

  async load(regionId: RegionId): Promise<Projection> {
    const [stored, fields] = await this.#redis
      .multi()
      .get(keys.custodyPosition(regionId))
      .hGetAll(keys.custodyState(regionId))
      .exec();
    const position = z.string().parse(stored ?? '');
    const [version, streamId] = position.split(' ');
    if (position !== '' && version === this.#version && streamId !== undefined) {
      return { position, streamId, state: fromFields(Hash.parse(fields), this.#basis), outdated: false };
    }
    return { position, streamId: START, state: new Map(), outdated: position !== '' };
  }

  /** The new position, or undefined if somebody else has moved it since. */
  async commit(regionId: RegionId, expected: string, commit: Commit): Promise<string | undefined> {
    const { streamId, fields, statuses, histories, unplaced, cases, replaces } = commit;
    const position = `${this.#version} ${streamId}`;
    const written = await runScript(
      this.#redis,
      COMMIT,
      [
        keys.custodyPosition(regionId),
        keys.custodyState(regionId),
        keys.areas(regionId),
        keys.seq(regionId),
        keys.custodyHistories(regionId),
        keys.custodyUnplaced(regionId),
        keys.cases(regionId),
        keys.casesOpen(regionId),
        keys.caseSummaries(regionId),
      ],
      [
        expected,
        position,
        replaces ? '1' : '0',
        ...toPublishArgs(regionId, this.#now(), { areas: statuses }),
        String(fields.size),
        String(histories.size),
        String(unplaced.length),
        String(statuses.length),
        ...[...fields].flatMap(([field, json]) => [field, json ?? '']),
        ...[...histories].flatMap(([areaId, history]) => [areaId, JSON.stringify(history)]),
        ...unplaced.flatMap(({ facilityId, caseId, clocks }) => [
          `${facilityId}/${caseId}`,
          clocks ? JSON.stringify(clocks) : '',
        ]),
        ...statuses.flatMap((status) => [status.areaId, JSON.stringify(status)]),
        ...cases.flatMap(({ summary, beganMs, isOpen }) => [
          caseMember(summary),
          String(beganMs),
          isOpen ? '1' : '0',
          JSON.stringify(summary),
        ]),
      ],
    );
    return written === 1 ? position : undefined;
  }
}

/** The pasts of areas by the record, of those that have one. Throws what the connection throws while Redis is away. */
export async function readHistories(
  redis: Redis,
  regionId: RegionId,
  areaIds: readonly AreaId[],
): Promise<Map<AreaId, AreaHistory>> {
  if (areaIds.length === 0) return new Map();
  const found = await redis.hmGet(keys.custodyHistories(regionId), [...areaIds]);
  return new Map(
    areaIds.flatMap((areaId, index) => {
      const json = found[index];
      return typeof json === 'string' ? [[areaId, AreaHistory.parse(JSON.parse(json))] as const] : [];
    }),
  );
}

/** Somebody in custody who is in no area, and the clocks that run for them. */
export interface UnplacedCase {
  facilityId: FacilityId;
  caseId: CaseId;
  clocks: readonly Clock[];
}

const Clocks = z.array(Clock);

/** Everybody of a region who is in custody and in no area. Throws what the connection throws while Redis is away. */
export async function readUnplaced(redis: Redis, regionId: RegionId): Promise<UnplacedCase[]> {
  const found = await redis.hGetAll(keys.custodyUnplaced(regionId));
  return Object.entries(found).map(([field, json]) => {
    const [facilityId, caseId] = field.split('/');
    return {
      facilityId: FacilityId.parse(facilityId),
      caseId: CaseId.parse(caseId),
      clocks: Clocks.parse(JSON.parse(json)),
    };
  });
}
