import type { StoredEvent } from '#contract/custody-events.ts';
import type { RegionId } from '#contract/ids.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import type { EventStore } from '../custody/event-store.ts';
import { type Calendar, createCalendar } from '../custody/state/local-day.ts';
import { readHistories } from '../custody/state-store.ts';
import { readSights } from '../live/sight-reader.ts';
import type { Registry } from '../nation/registry.ts';
import { raiseFor, type StepDeps } from './apply-steps.ts';
import { areaOfRecord, bearsOnGate, lookAtGate, lookAtRecord } from './look/record-and-video.ts';
import { readPosition } from './stream-position.ts';

const BATCH = 500;
/** Batches of one look, so that a long backlog keeps no other region waiting. */
const MAX_BATCHES = 10;
/**
 * An event is judged so long after it was received: by then what belongs to it has come as well, and the media plane has
 * noticed that a camera was lost.
 */
const SETTLE_MS = 45_000;

interface RecordWatchOptions extends StepDeps {
  redis: Redis;
  events: Pick<EventStore, 'readAfter'>;
  registry: StepDeps['registry'] & Pick<Registry, 'area' | 'nation'>;
}

/**
 * Holds what was recorded against what could be seen, and who was there, at the time of which the event speaks. It reads
 * the stream on from a position in Redis, some time behind; a batch that is read twice raises the same flags, which
 * changes nothing.
 */
export class RecordWatch {
  readonly #options: RecordWatchOptions;
  readonly #calendar: Calendar;

  /** Throws a RangeError for a nation whose time zone does not exist. */
  constructor(options: RecordWatchOptions) {
    this.#options = options;
    this.#calendar = createCalendar(options.registry.nation.timeZone);
  }

  /** Judges what has settled; returns when to go on (milliseconds since the epoch), if there is anything. */
  async catchUp(regionId: RegionId): Promise<number | undefined> {
    const { redis, events, now } = this.#options;
    for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
      const position = await readPosition(redis, regionId, keys.recordPosition(regionId));
      const entries = await events.readAfter(regionId, position, BATCH);
      const nowMs = now();
      const settledAt = (stored: StoredEvent) => Date.parse(stored.receivedAt) + SETTLE_MS;
      const unsettled = entries.findIndex(({ stored }) => stored && settledAt(stored) > nowMs);
      const settled = unsettled === -1 ? entries : entries.slice(0, unsettled);
      await this.#judge(
        regionId,
        settled.flatMap(({ stored }) => stored ?? []),
      );
      const last = settled.at(-1);
      if (last) await redis.set(keys.recordPosition(regionId), last.streamId);
      const next = unsettled === -1 ? undefined : entries[unsettled]?.stored;
      if (next) return settledAt(next);
      if (entries.length < BATCH) return undefined;
    }
    return now();
  }

  async #judge(regionId: RegionId, settled: readonly StoredEvent[]): Promise<void> {
    const { redis, registry } = this.#options;
    const sighted = settled.filter((stored) => areaOfRecord(stored) !== undefined);
    const areas = new Map(
      sighted.flatMap((stored) => {
        const area = registry.area(areaOfRecord(stored) ?? '');
        return area ? [[area.id, area] as const] : [];
      }),
    );
    const feedIds = [...areas.values()].flatMap(({ feeds }) => feeds.map(({ id }) => id));
    const [histories, sights] = await Promise.all([
      readHistories(redis, regionId, [...areas.keys()]),
      readSights(redis, regionId, feedIds),
    ]);
    for (const stored of sighted) {
      const area = areas.get(areaOfRecord(stored) ?? '');
      if (!area) continue;
      const past = {
        area,
        history: histories.get(area.id),
        sights: area.feeds.map(({ id }) => sights.get(id)),
      };
      const findings = bearsOnGate(stored)
        ? lookAtGate(stored, past, this.#calendar)
        : [lookAtRecord(stored, past) ?? []].flat();
      for (const finding of findings)
        await raiseFor(finding, new Date(finding.sinceMs ?? 0).toISOString(), this.#options);
    }
  }
}
