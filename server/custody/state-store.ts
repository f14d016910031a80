import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { Clock } from '#contract/clocks.ts';
import { type AreaId, CaseId, FacilityId, type RegionId } from '#contract/ids.ts';
import type { AreaStatus } from '#contract/status.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { defineScript, runScript } from '../adapters/redis/script.ts';
import { LIVE_LUA, toPublishArgs } from '../live/publish.ts';
import { AreaHistory } from './state/area-history.ts';
import type { Basis } from './state/basis.ts';
import type { RegionCustody } from './state/region-custody.ts';
import { fromFields } from './state/state-fields.ts';
import {
  PIECE_PARTS,
  type PiecePart,
  type ProjectedPiece,
  toPieceArgs,
  WRITE_PIECE_LUA,
} from './write-projection.ts';

/** Raise it whenever the reducers derive something else from the same events: every region is then rebuilt. */
const REDUCER_VERSION = 12;

/** Where a stream begins. */
const START = '0-0';

/** A projection that is being built anew is given up when nothing was added to it for so long. */
const STAGED_MS = 10 * 60_000;

/**
 * Writes statuses and tells of them: `write_statuses(areas, seq, from)`. Arguments from there: channel, before, after,
 * number of statuses, then area id and JSON of each. Returns the number of the argument after them.
 */
const WRITE_STATUSES_LUA = `
local function write_statuses(areas, seq, from)
  local rest = from + 4 + 2 * tonumber(ARGV[from + 3])
  for i = from + 4, rest - 1, 2 do redis.call('HSET', areas, ARGV[i], ARGV[i + 1]) end
  if rest > from + 4 then live_publish(seq, ARGV[from], ARGV[from + 1], ARGV[from + 2]) end
  return rest
end
`;

/**
 * Compare-and-set of the projection's position, and with it everything that follows from the events up to there. KEYS
 * position, areas, seq, then those of a piece. ARGV position expected, new position, statuses, a piece. Returns 1 if it
 * was written, 0 if the position was another one.
 */
const COMMIT = defineScript(`${LIVE_LUA}${WRITE_STATUSES_LUA}${WRITE_PIECE_LUA}
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
write_piece(4, write_statuses(KEYS[2], KEYS[3], 3))
redis.call('SET', KEYS[1], ARGV[2])
return 1
`);

/** Adds a piece to a projection that is being built. KEYS those of the piece, count. ARGV time to live in ms, a piece. */
const STAGE = defineScript(`${WRITE_PIECE_LUA}
write_piece(1, 2)
redis.call('INCR', KEYS[7])
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ARGV[1]) end
return 1
`);

/**
 * Puts a projection that was built in the place of the present one, all at once. KEYS position, areas, seq, those of a
 * piece, those of the piece that was built, count. ARGV position expected, new position, statuses, pieces that there must
 * be. Returns 1 if it was done, 0 if the position was another one, -1 if the pieces are not all there.
 */
const SWAP = defineScript(`${LIVE_LUA}${WRITE_STATUSES_LUA}
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
if (redis.call('GET', KEYS[16]) or '0') ~= ARGV[#ARGV] then return -1 end
for i = 4, 9 do
  redis.call('UNLINK', KEYS[i])
  if redis.call('EXISTS', KEYS[i + 6]) == 1 then
    redis.call('RENAME', KEYS[i + 6], KEYS[i])
    redis.call('PERSIST', KEYS[i])
  end
end
redis.call('DEL', KEYS[16])
write_statuses(KEYS[2], KEYS[3], 3)
redis.call('SET', KEYS[1], ARGV[2])
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
export interface Commit extends ProjectedPiece {
  streamId: string;
  statuses: readonly AreaStatus[];
}

/** A projection that is being built beside the present one, piece by piece, so that no one script has to hold it whole. */
export interface Build {
  readonly id: string;
  pieces: number;
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
    const position = `${this.#version} ${commit.streamId}`;
    const written = await runScript(
      this.#redis,
      COMMIT,
      [...headKeys(regionId), ...pieceKeys(regionId)],
      [expected, position, ...this.#statusArgs(regionId, commit.statuses), ...toPieceArgs(commit)],
    );
    return written === 1 ? position : undefined;
  }

  /** Begins to build a region's projection anew. What is not swapped in expires by itself. */
  beginBuild(): Build {
    return { id: randomUUID(), pieces: 0 };
  }

  /** Adds what follows from the next events. */
  async stage(regionId: RegionId, build: Build, piece: ProjectedPiece): Promise<void> {
    const keys = [...stagedKeys(regionId, build), stagedCount(regionId, build)];
    await runScript(this.#redis, STAGE, keys, [String(STAGED_MS), ...toPieceArgs(piece)]);
    build.pieces += 1;
  }

  /** As {@link commit}, with everything that was built and nothing of what was. Throws if pieces of it were lost. */
  async swap(
    regionId: RegionId,
    expected: string,
    { build, streamId, statuses }: { build: Build; streamId: string; statuses: readonly AreaStatus[] },
  ): Promise<string | undefined> {
    const position = `${this.#version} ${streamId}`;
    const written = await runScript(
      this.#redis,
      SWAP,
      [
        ...headKeys(regionId),
        ...pieceKeys(regionId),
        ...stagedKeys(regionId, build),
        stagedCount(regionId, build),
      ],
      [expected, position, ...this.#statusArgs(regionId, statuses), String(build.pieces)],
    );
    if (written === -1) throw new Error('pieces of a projection that was being built are lost');
    return written === 1 ? position : undefined;
  }

  #statusArgs(regionId: RegionId, statuses: readonly AreaStatus[]): string[] {
    return [
      ...toPublishArgs(regionId, this.#now(), { areas: statuses }),
      String(statuses.length),
      ...statuses.flatMap((status) => [status.areaId, JSON.stringify(status)]),
    ];
  }
}

function headKeys(regionId: RegionId): string[] {
  return [keys.custodyPosition(regionId), keys.areas(regionId), keys.seq(regionId)];
}

const PIECE_KEYS: Readonly<Record<PiecePart, (regionId: RegionId) => string>> = {
  state: keys.custodyState,
  histories: keys.custodyHistories,
  unplaced: keys.custodyUnplaced,
  cases: keys.cases,
  open: keys.casesOpen,
  summaries: keys.caseSummaries,
};

function pieceKeys(regionId: RegionId): string[] {
  return PIECE_PARTS.map((part) => PIECE_KEYS[part](regionId));
}

function stagedKeys(regionId: RegionId, { id }: Build): string[] {
  return PIECE_PARTS.map((part) => keys.custodyStaged(regionId, id, part));
}

function stagedCount(regionId: RegionId, { id }: Build): string {
  return keys.custodyStaged(regionId, id, 'pieces');
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
