import type { PreviousCase } from '#contract/custody-details.ts';
import type { Carried, CaseEvent, CustodyEvent } from '#contract/custody-events.ts';
import type { EventId, FacilityId, RegionId } from '#contract/ids.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys, type PlacedCase } from '../adapters/redis/keys.ts';
import type { Registry } from '../nation/registry.ts';
import { CaseEvents } from './cases/case-events.ts';
import { foldRecord } from './cases/case-record.ts';
import type { EventStore } from './event-store.ts';
import type { Basis } from './state/basis.ts';
import { hasLeft, toCarried } from './state/carried-events.ts';
import { earlierCase } from './state/kept-event.ts';

interface CarryOverOptions {
  redis: Redis;
  events: Pick<EventStore, 'find' | 'carryAgain'>;
  basis: Basis;
  registry: Pick<Registry, 'facility'>;
  now: () => number;
}

/** Where an arrival was taken. */
interface Place {
  regionId: RegionId;
  facilityId: FacilityId;
}

/**
 * Lets the clocks of a person who is brought to another facility go on there. What is on record of the earlier case is
 * written down with the arrival, so that each region is projected from its own stream alone; when that record changes, it
 * is written down once more. Methods throw what the connection throws while Redis is away.
 */
export class CarryOver {
  readonly #options: CarryOverOptions;
  readonly #cases: CaseEvents;

  constructor(options: CarryOverOptions) {
    this.#options = options;
    this.#cases = new CaseEvents(options.redis);
  }

  /** What is on record now of the cases that arrivals among these events go on from, by the ids of the events. */
  async readFor(
    { regionId, facilityId }: Place,
    events: readonly CustodyEvent[],
  ): Promise<ReadonlyMap<EventId, Carried>> {
    const found = new Map<EventId, Carried>();
    // However many events of a batch name a case, it is read once.
    const read = new Map<string, Carried>();
    for (const event of events) {
      const earlier = this.#earlierOf(event);
      if (!earlier) continue;
      const key = keys.custodyGoneOn(earlier);
      // Before it is read: what changes there from now on is told here, even if that is before the arrival is taken.
      await this.#options.redis.sAdd(key, `${regionId}/${facilityId}/${event.id}`);
      const carried = read.get(key) ?? (await this.#read(earlier));
      read.set(key, carried);
      found.set(event.id, carried);
    }
    return found;
  }

  /** Tells the facilities to which a case has gone on that its record has changed. The same is told once. */
  async tellOn(place: PlacedCase): Promise<void> {
    const { redis, events, now } = this.#options;
    const arrivals = await redis.sMembers(keys.custodyGoneOn(place));
    if (arrivals.length === 0) return;
    const carried = await this.#read(place);
    for (const name of arrivals) {
      const [regionId = '', facilityId = '', eventId = ''] = name.split('/');
      const arrival = await events.find({ regionId, facilityId }, eventId);
      if (arrival) await events.carryAgain(regionId, arrival, carried, now());
    }
  }

  async #read(place: PlacedCase): Promise<Carried> {
    const { facilityId, caseId } = place;
    const { entries } = await this.#cases.read(place);
    const stored = entries.flatMap((entry) => (entry.stored ? [entry.stored] : []));
    const record = foldRecord(place, stored, this.#options.basis);
    const leftMs = record?.view.closedAtMs ?? null;
    return {
      facilityId,
      caseId,
      isKnown: record !== undefined,
      ...(record ? { isLeft: hasLeft(record.events) } : {}),
      ...(leftMs === null ? {} : { leftAt: new Date(leftMs).toISOString() }),
      events: toCarried(record?.events ?? []),
    };
  }

  #earlierOf(event: CustodyEvent): PlacedCase | undefined {
    const said = arrivalIn(event);
    if (!said) return undefined;
    const earlier = earlierCase(said, said.previousCase);
    const facility = this.#options.registry.facility(earlier.facilityId);
    return (
      facility && { regionId: facility.regionId, facilityId: earlier.facilityId, caseId: earlier.caseId }
    );
  }
}

/** What an event says of an earlier case, itself or in the place of another. */
export function arrivalIn(event: CustodyEvent): (CaseEvent & { previousCase: PreviousCase }) | undefined {
  const said = event.type === 'RECORD_CORRECTED' ? event.replacement : event;
  if (!said || !('caseId' in said)) return undefined;
  const { previousCase } = said;
  return previousCase && { ...said, previousCase };
}
