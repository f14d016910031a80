import type { StoredEvent } from '#contract/custody-events.ts';
import type { AreaId, CaseId, FacilityId, RegionId } from '#contract/ids.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import type { EventStore } from '../custody/event-store.ts';
import { type Calendar, createCalendar } from '../custody/state/local-day.ts';
import type { LiveView } from '../live/live.ts';
import type { Registry } from '../nation/registry.ts';
import { raiseFor, type StepDeps } from './apply-steps.ts';
import { withContact } from './contact.ts';
import { commitContacts, readContacts } from './contact-store.ts';
import { noteDrifts } from './drift-store.ts';
import { lookAtEvent } from './look/event.ts';
import { driftOf, lookAtRecording, type Said } from './look/recording.ts';
import { lookAtTelling } from './look/told-late.ts';
import { readPosition } from './stream-position.ts';

const BATCH = 500;
/** Batches of one look, so that a long backlog keeps no other region waiting. */
const MAX_BATCHES = 10;

interface EventWatchOptions extends StepDeps {
  redis: Redis;
  events: Pick<EventStore, 'readAfter' | 'find'>;
  registry: Pick<Registry, 'area' | 'facility' | 'nation'>;
  view: Pick<LiveView, 'area'>;
}

/**
 * Raises flags of events that need somebody at once. It reads on from a position in Redis, which moves when the flags of
 * a batch are durable; a batch that is read twice raises the same flags, which changes nothing.
 */
export class EventWatch {
  readonly #options: EventWatchOptions;
  readonly #calendar: Calendar;

  /** Throws a RangeError for a nation whose time zone does not exist. */
  constructor(options: EventWatchOptions) {
    this.#options = options;
    this.#calendar = createCalendar(options.registry.nation.timeZone);
  }

  /** Reads what has come since the last time; returns when to go on (milliseconds since the epoch) if that was not all. */
  async catchUp(regionId: RegionId): Promise<number | undefined> {
    const { redis, events, now } = this.#options;
    for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
      const position = await readPosition(redis, regionId, keys.rulesPosition(regionId));
      const entries = await events.readAfter(regionId, position, BATCH);
      const contacts = await readContacts(redis, regionId);
      const drifts = new Map<FacilityId, { aheadMs: number; atMs: number }>();
      for (const { stored } of entries) {
        // What was carried here again, and what we recorded ourselves, nobody has told.
        if (!stored || stored.carried?.again || stored.via?.kind === 'service') continue;
        const contact = withContact(contacts.get(stored.facilityId), Date.parse(stored.receivedAt));
        contacts.set(stored.facilityId, contact);
        const original = await this.#originalOf(regionId, stored);
        for (const late of lookAtTelling(stored, contact, original))
          await raiseFor(late, new Date(late.sinceMs ?? 0).toISOString(), this.#options);
        const aheadMs = driftOf(stored);
        if (aheadMs !== undefined)
          drifts.set(stored.facilityId, { aheadMs, atMs: Date.parse(stored.receivedAt) });
        for (const recording of lookAtRecording(stored, { calendar: this.#calendar, original }))
          await raiseFor(recording, new Date(recording.sinceMs ?? 0).toISOString(), this.#options);
        const finding = lookAtEvent(stored, {
          contact,
          original,
          areaOf: (caseId) => this.#areaOf(stored.facilityId, caseId),
        });
        if (finding) await raiseFor(finding, stored.event.occurredAt, this.#options);
      }
      await noteDrifts(redis, regionId, drifts);
      const last = entries.at(-1);
      if (last) await commitContacts(redis, regionId, { streamId: last.streamId, contacts });
      if (entries.length < BATCH) return undefined;
    }
    return now();
  }

  /** What stood there before a correction; undefined if it was none, or nobody knows. */
  async #originalOf(regionId: RegionId, { event, facilityId }: StoredEvent): Promise<Said | undefined> {
    if (event.type !== 'RECORD_CORRECTED') return undefined;
    const found = await this.#options.events.find({ regionId, facilityId }, event.corrects);
    if (!found) return undefined;
    const { event: original } = found;
    if (original.type !== 'RECORD_CORRECTED') return original;
    // What an earlier correction brought is corrected by its own id, or by that of the correction.
    return original.replacement;
  }

  /** Where a person is now; another facility may have a case of the same number. */
  #areaOf(facilityId: FacilityId, caseId: CaseId): AreaId | undefined {
    const { registry, view } = this.#options;
    return registry.nation.areas.find(
      (area) =>
        area.facilityId === facilityId && view.area(area.id)?.clocks.some((clock) => clock.caseId === caseId),
    )?.id;
  }
}
