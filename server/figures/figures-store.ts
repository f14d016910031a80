import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Day, Month } from '#contract/figures.ts';
import type { AreaId, EventId, FacilityId, RegionId } from '#contract/ids.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { defineScript, runScript } from '../adapters/redis/script.ts';
import type { Basis } from '../custody/state/basis.ts';
import { Correction } from '../custody/state/corrections.ts';
import { CaseDoc, Spans } from './case-doc.ts';
import type { DarkStore } from './dark/dark-store.ts';
import type { BookChanges, BookSource, CaseKey, CheckNote } from './region-book.ts';
import { Sums, Tally } from './sums.ts';

/** Raise it whenever the figures count something else: every region is then counted anew, from its first event. */
const FIGURES_VERSION = 6;

/**
 * Compare-and-set of the position, and with it everything that follows from the events up to there. KEYS position, then
 * any. ARGV expected, new position, then commands: name, number of key, number of arguments, arguments.
 * Returns 1 if it was written, 0 if the position was another one.
 */
const COMMIT = defineScript(`
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
local i = 3
while i <= #ARGV do
  local count = tonumber(ARGV[i + 2])
  redis.call(ARGV[i], KEYS[tonumber(ARGV[i + 1])], unpack(ARGV, i + 3, i + 2 + count))
  i = i + 3 + count
end
return 1
`);

/** How far a region has been counted. */
export interface Position {
  /** The text in Redis that the next commit must still find. */
  text: string;
  /** The last event, and the last news of the dark, that are in the figures. */
  streamId: string;
  newsId: string;
  /** Latest instant at which an event was received, of those that were counted. */
  watermarkMs: number;
}

type Command = readonly [name: string, key: string, ...args: string[]];

/** Figures in Redis. Methods throw what the connection throws while Redis is away. */
export class FiguresStore {
  readonly #redis: Redis;
  readonly #dark: DarkStore;
  readonly #version: string;

  constructor({ redis, dark, basis }: { redis: Redis; dark: DarkStore; basis: Basis }) {
    this.#redis = redis;
    this.#dark = dark;
    const digest = createHash('sha256').update(basis.text).digest('hex').slice(0, 12);
    this.#version = `${FIGURES_VERSION}-${digest}`;
  }

  /** The position, or undefined when what is there was counted otherwise and has to be cleared first. */
  async position(regionId: RegionId): Promise<Position | undefined> {
    const text = (await this.#redis.get(keys.figuresPosition(regionId))) ?? '';
    const [version, streamId, newsId, watermark] = text.split(' ');
    if (text === '') return { text, streamId: '0-0', newsId: '0-0', watermarkMs: 0 };
    if (version !== this.#version || !streamId || !newsId) return undefined;
    return { text, streamId, newsId, watermarkMs: Number(watermark ?? 0) };
  }

  /** Writes what is different, if nobody has counted since. The new position, or undefined: then nothing was written. */
  async commit(
    regionId: RegionId,
    before: Position,
    { changes, ...to }: Omit<Position, 'text'> & { changes: BookChanges; forgotten?: Forgotten },
  ): Promise<Position | undefined> {
    const commands = [
      ...docCommands(regionId, changes),
      ...(await this.#sumCommands(regionId, changes)),
      ...forgetCommands(regionId, to.forgotten),
    ];
    const text = `${this.#version} ${to.streamId} ${to.newsId} ${to.watermarkMs}`;
    const numbers = new Map<string, number>();
    const numberOf = (key: string) => {
      const number = numbers.get(key) ?? numbers.size + 2;
      numbers.set(key, number);
      return String(number);
    };
    const args = commands.flatMap(([name, key, ...rest]) => [
      name,
      numberOf(key),
      String(rest.length),
      ...rest,
    ]);
    const written = await runScript(
      this.#redis,
      COMMIT,
      [keys.figuresPosition(regionId), ...numbers.keys()],
      [before.text, text, ...args],
    );
    return written === 1 ? { text, ...to } : undefined;
  }

  /** Removes everything that was counted, so that it can be counted anew. Safe to be broken off and done again. */
  async clear(
    regionId: RegionId,
    facilityIds: readonly FacilityId[],
    areaIds: readonly AreaId[],
  ): Promise<void> {
    const months = await this.#redis.sMembers(keys.figuresMonths(regionId));
    const all = [
      ...months.map((month) => keys.figuresDays(regionId, month)),
      keys.figuresMonths(regionId),
      keys.figuresForgotten(regionId),
      ...facilityIds.flatMap((id) => [
        keys.figuresOpen(regionId, id),
        keys.figuresClosed(regionId, id),
        keys.figuresCorrections(regionId, id),
      ]),
      ...areaIds.flatMap((id) => [keys.figuresChecks(regionId, id), keys.figuresSpans(regionId, id)]),
    ];
    for (let from = 0; from < all.length; from += 500) await this.#redis.del(all.slice(from, from + 500));
    await this.#redis.del(keys.figuresPosition(regionId));
  }

  /** What is stored of a region, as a book reads it. */
  source(regionId: RegionId): BookSource {
    const redis = this.#redis;
    const read = (json: string | null) => (json === null ? undefined : CaseDoc.parse(JSON.parse(json)));
    const placeOf = (key: CaseKey) => key.split('/') as [FacilityId, string];
    return {
      doc: async (key) => {
        const [facilityId, caseId] = placeOf(key);
        return read(
          (await redis.hGet(keys.figuresOpen(regionId, facilityId), caseId)) ??
            (await redis.hGet(keys.figuresClosed(regionId, facilityId), caseId)),
        );
      },
      docsOf: async (facilityId) => [
        ...(await this.openDocs(regionId, facilityId)),
        ...(await this.closedDocs(regionId, facilityId)),
      ],
      isForgotten: async (key) => (await redis.zScore(keys.figuresForgotten(regionId), key)) !== null,
      corrections: async (facilityId) => {
        const found = await redis.hGetAll(keys.figuresCorrections(regionId, facilityId));
        return new Map<EventId, Correction>(
          Object.entries(found).map(([id, json]) => [id, Correction.parse(JSON.parse(json))]),
        );
      },
      checks: async (areaId) => {
        const found = await redis.zRangeWithScores(keys.figuresChecks(regionId, areaId), 0, -1);
        return found.map(({ value, score }): CheckNote => {
          const [id = '', via] = value.split('|');
          return { id, at: score, ...(via ? { via } : {}) };
        });
      },
      spans: async (areaId) => {
        const found = await redis.hGetAll(keys.figuresSpans(regionId, areaId));
        return new Map(
          Object.entries(found).map(([key, json]) => [key as CaseKey, Spans.parse(JSON.parse(json))]),
        );
      },
      darkness: (areaIds, sinceMs) => this.#dark.darkness(regionId, areaIds, sinceMs),
    };
  }

  async openDocs(regionId: RegionId, facilityId: FacilityId): Promise<CaseDoc[]> {
    const found = await this.#redis.hVals(keys.figuresOpen(regionId, facilityId));
    return found.map((json) => CaseDoc.parse(JSON.parse(json)));
  }

  async closedDocs(regionId: RegionId, facilityId: FacilityId): Promise<CaseDoc[]> {
    const found = await this.#redis.hVals(keys.figuresClosed(regionId, facilityId));
    return found.map((json) => CaseDoc.parse(JSON.parse(json)));
  }

  /** The sums of facilities by day in some months: those of cases that are closed. */
  async sums(
    regionId: RegionId,
    months: readonly Month[],
  ): Promise<{ facilityId: FacilityId; day: Day; sums: Sums }[]> {
    const found = await Promise.all(
      months.map((month) => this.#redis.hGetAll(keys.figuresDays(regionId, month))),
    );
    return found.flatMap((fields) =>
      Object.entries(fields).map(([field, json]) => {
        const [facilityId = '', day = ''] = field.split('|');
        return { facilityId, day, sums: Sums.parse(JSON.parse(json)) };
      }),
    );
  }

  async #sumCommands(regionId: RegionId, { sums }: BookChanges): Promise<Command[]> {
    const tallies = new Map<FacilityId, Tally>();
    for (const { facilityId, before, after } of sums) {
      const tally = tallies.get(facilityId) ?? new Tally();
      tallies.set(facilityId, tally);
      tally.addAll(before, -1);
      tally.addAll(after);
    }
    const commands: Command[] = [];
    for (const [facilityId, tally] of tallies)
      for (const [day, difference] of Object.entries(tally.toDays())) {
        const month = day.slice(0, 7);
        const key = keys.figuresDays(regionId, month);
        const field = `${facilityId}|${day}`;
        const stored = await this.#redis.hGet(key, field);
        const whole = new Tally();
        if (stored !== null) whole.addAll({ [day]: Sums.parse(JSON.parse(stored)) });
        whole.addAll({ [day]: difference });
        const left = whole.toDays()[day];
        commands.push(left ? ['HSET', key, field, JSON.stringify(left)] : ['HDEL', key, field]);
        commands.push(['SADD', keys.figuresMonths(regionId), month]);
      }
    return commands;
  }
}

/** What is kept no longer: closed cases, and what was noted of areas before an instant. */
export interface Forgotten {
  docs: readonly CaseDoc[];
  areaIds: readonly AreaId[];
  beforeMs: number;
}

function docCommands(regionId: RegionId, { docs, corrections, checks, spans }: BookChanges): Command[] {
  return [
    ...[...docs.values()].flatMap((doc): Command[] => {
      const open = keys.figuresOpen(regionId, doc.facilityId);
      const closed = keys.figuresClosed(regionId, doc.facilityId);
      const [to, from] = doc.settled === null ? [open, closed] : [closed, open];
      return [
        ['HSET', to, doc.caseId, JSON.stringify(doc)],
        ['HDEL', from, doc.caseId],
      ];
    }),
    ...[...corrections].flatMap(([facilityId, all]) =>
      all.map(
        (one): Command => [
          'HSET',
          keys.figuresCorrections(regionId, facilityId),
          one.id,
          JSON.stringify(one),
        ],
      ),
    ),
    ...[...checks].flatMap(([areaId, all]) =>
      all.map(
        ({ id, at, via }): Command => [
          'ZADD',
          keys.figuresChecks(regionId, areaId),
          String(at),
          via === undefined ? id : `${id}|${via}`,
        ],
      ),
    ),
    ...[...spans].flatMap(([areaId, byCase]) =>
      Array.from(byCase, ([key, own]): Command => {
        const stored = keys.figuresSpans(regionId, areaId);
        return own.length === 0 ? ['HDEL', stored, key] : ['HSET', stored, key, JSON.stringify(own)];
      }),
    ),
  ];
}

function forgetCommands(regionId: RegionId, forgotten: Forgotten | undefined): Command[] {
  if (!forgotten) return [];
  const { docs, areaIds, beforeMs } = forgotten;
  return [
    ...docs.flatMap((doc): Command[] => [
      ['HDEL', keys.figuresClosed(regionId, doc.facilityId), doc.caseId],
      ['HDEL', keys.figuresOpen(regionId, doc.facilityId), doc.caseId],
      ['ZADD', keys.figuresForgotten(regionId), String(beforeMs), `${doc.facilityId}/${doc.caseId}`],
      ...Object.keys(doc.spans).map(
        (areaId): Command => ['HDEL', keys.figuresSpans(regionId, areaId), `${doc.facilityId}/${doc.caseId}`],
      ),
    ]),
    ...areaIds.map(
      (areaId): Command => ['ZREMRANGEBYSCORE', keys.figuresChecks(regionId, areaId), '-inf', `(${beforeMs}`],
    ),
  ];
}

/** What news of the dark say: an area and a time, or for all areas that nobody looked. */
export const DarkNews = z
  .string()
  .transform((text) => text.split(':'))
  .transform((parts) =>
    parts.length === 3
      ? { areaId: parts[0], fromMs: Number(parts[1]), toMs: Number(parts[2]) }
      : { areaId: undefined, fromMs: Number(parts[0]), toMs: Number(parts[1]) },
  );
