import type { AreaId, CaseId, FacilityId, RegionId } from '#contract/ids.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import type { EventStore } from '../custody/event-store.ts';
import type { LiveView } from '../live/live.ts';
import type { Registry } from '../nation/registry.ts';
import { raiseFor, type StepDeps } from './apply-steps.ts';
import { withContact } from './contact.ts';
import { commitContacts, readContacts } from './contact-store.ts';
import { noteDrifts } from './drift-store.ts';
import { lookAtEvent } from './look/event.ts';
import { driftOf, lookAtRecording } from './look/recording.ts';
import { lookAtTelling } from './look/told-late.ts';

const BATCH = 500;

interface EventWatchOptions extends StepDeps {
  redis: Redis;
  events: Pick<EventStore, 'readAfter'>;
  registry: Pick<Registry, 'area' | 'facility' | 'nation'>;
  view: Pick<LiveView, 'area'>;
}

/**
 * Raises flags of events that need somebody at once. It reads on from a position in Redis, which moves when the flags of
 * a batch are durable; a batch that is read twice raises the same flags, which changes nothing.
 */
export class EventWatch {
  readonly #options: EventWatchOptions;

  constructor(options: EventWatchOptions) {
    this.#options = options;
  }

  /** Reads what has come since the last time. */
  async catchUp(regionId: RegionId): Promise<void> {
    const { redis, events } = this.#options;
    for (;;) {
      const position = (await redis.get(keys.rulesPosition(regionId))) ?? '0-0';
      const entries = await events.readAfter(regionId, position, BATCH);
      const contacts = await readContacts(redis, regionId);
      const drifts = new Map<FacilityId, { aheadMs: number; atMs: number }>();
      for (const { stored } of entries) {
        if (!stored) continue;
        const contact = withContact(contacts.get(stored.facilityId), Date.parse(stored.receivedAt));
        contacts.set(stored.facilityId, contact);
        for (const late of lookAtTelling(stored, contact))
          await raiseFor(late, new Date(late.sinceMs ?? 0).toISOString(), this.#options);
        const aheadMs = driftOf(stored);
        if (aheadMs !== undefined)
          drifts.set(stored.facilityId, { aheadMs, atMs: Date.parse(stored.receivedAt) });
        const recording = lookAtRecording(stored);
        if (recording)
          await raiseFor(recording, new Date(recording.sinceMs ?? 0).toISOString(), this.#options);
        const finding = lookAtEvent(stored, {
          contact,
          areaOf: (caseId) => this.#areaOf(stored.facilityId, caseId),
        });
        if (finding) await raiseFor(finding, stored.event.occurredAt, this.#options);
      }
      await noteDrifts(redis, regionId, drifts);
      const last = entries.at(-1);
      if (last) await commitContacts(redis, regionId, { streamId: last.streamId, contacts });
      if (entries.length < BATCH) return;
    }
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
