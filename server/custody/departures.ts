import type { CaseEvent } from '#contract/custody-events.ts';
import type { EventId, FacilityId, RegionId } from '#contract/ids.ts';
import { nameBasedId } from '#contract/name-based-id.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys, type PlacedCase } from '../adapters/redis/keys.ts';
import type { Registry } from '../nation/registry.ts';
import { CaseEvents } from './cases/case-events.ts';
import { type CaseRecord, foldRecord } from './cases/case-record.ts';
import { Departure } from './departure.ts';
import { caseOf, type EventStore } from './event-store.ts';
import type { Basis } from './state/basis.ts';
import type { KeptEvent } from './state/kept-event.ts';
import type { TakeEvents } from './take-events.ts';

/** An arrival that goes on from a case, by the record of the facility that took the person in. */
interface Arrival {
  eventId: EventId;
  facilityId: FacilityId;
  atMs: number;
}

interface DeparturesOptions {
  redis: Redis;
  events: Pick<EventStore, 'find'>;
  basis: Basis;
  registry: Pick<Registry, 'facility'>;
  take: TakeEvents;
}

/** Everybody who was sent from a facility of a region and has arrived nowhere; no more than were sent in a year. */
export async function readDepartures(redis: Redis, regionId: RegionId): Promise<Departure[]> {
  const found = await redis.hVals(keys.departures(regionId));
  return found.map((json) => Departure.parse(JSON.parse(json)));
}

/**
 * Holds a case against the arrivals that go on from it: who was sent and has not arrived is noted, and who has arrived is
 * not on the way any more. Decided by what is on record alone, so that it may be done twice. Methods throw what the
 * connection throws while Redis is away.
 */
export class Departures {
  readonly #options: DeparturesOptions;
  readonly #cases: CaseEvents;

  constructor(options: DeparturesOptions) {
    this.#options = options;
    this.#cases = new CaseEvents(options.redis);
  }

  async settle(place: PlacedCase): Promise<void> {
    const { redis, registry } = this.#options;
    const record = await this.#recordOf(place);
    if (!record) return;
    const arrival = await this.#arrivalOf(place);
    const sent = arrival ? undefined : departureOf(place, record);
    const field = `${place.facilityId}/${place.caseId}`;
    if (sent && registry.facility(sent.to))
      await redis.hSet(keys.departures(place.regionId), field, JSON.stringify(sent));
    else await redis.hDel(keys.departures(place.regionId), field);
    const convoy = arrival && onTheWaySince(record);
    if (convoy) await this.#end(place, arrival, Math.max(arrival.atMs, convoy.at));
  }

  async #recordOf(place: PlacedCase): Promise<CaseRecord | undefined> {
    const { entries } = await this.#cases.read(place);
    const stored = entries.flatMap((entry) => (entry.stored ? [entry.stored] : []));
    return foldRecord(place, stored, this.#options.basis);
  }

  /** The first arrival from a case that stands. */
  async #arrivalOf(place: PlacedCase): Promise<Arrival | undefined> {
    const { redis, registry } = this.#options;
    const named = await redis.sMembers(keys.custodyGoneOn(place));
    const found: Arrival[] = [];
    for (const name of named) {
      const [regionId = '', facilityId = '', eventId = ''] = name.split('/');
      if (!registry.facility(facilityId)) continue;
      for (const arrival of await this.#standing({ regionId, facilityId }, eventId)) found.push(arrival);
    }
    return found.sort((a, b) => a.atMs - b.atMs || (a.eventId < b.eventId ? -1 : 1))[0];
  }

  /** An arrival, itself or what a correction put there, as far as it counts in its case. */
  async #standing(
    { regionId, facilityId }: { regionId: RegionId; facilityId: FacilityId },
    eventId: EventId,
  ): Promise<Arrival[]> {
    const stored = await this.#options.events.find({ regionId, facilityId }, eventId);
    const caseId = stored && caseOf(stored.event);
    if (caseId === undefined) return [];
    const record = await this.#recordOf({ regionId, facilityId, caseId });
    return (record?.events ?? []).flatMap(({ id, via, previous, at }) =>
      previous && (id === eventId || via === eventId) ? [{ eventId, facilityId, atMs: at }] : [],
    );
  }

  /** The person is somewhere else: who sent them, and has said no more than that a convoy took them, holds them no longer. */
  async #end({ regionId, facilityId, caseId }: PlacedCase, arrival: Arrival, atMs: number): Promise<void> {
    const at = new Date(atMs).toISOString();
    const event: CaseEvent = {
      id: nameBasedId(`varta:arrived:${facilityId}/${caseId}:${arrival.facilityId}/${arrival.eventId}`),
      type: 'TRANSFERRED',
      caseId,
      destination: arrival.facilityId,
      occurredAt: at,
      recordedAt: at,
      recordedBy: 'varta',
    };
    const via = { kind: 'service', id: 'varta' } as const;
    await this.#options.take({ regionId, facilityId, via }, [event], () => ({ ok: true, event }));
  }
}

/** The convoy that took a person, if that is the last that a facility says of where they are. */
function onTheWaySince({ view, events }: CaseRecord): KeptEvent | undefined {
  if (view.closedAtMs !== null) return undefined;
  const last = events.findLast(({ type, arrival }) => !arrival && MOVES.has(type));
  return last?.type === 'HANDED_TO_CONVOY' ? last : undefined;
}

const MOVES: ReadonlySet<CaseEvent['type']> = new Set([
  'CELL_PLACED',
  'CELL_MOVED',
  'SHELTER_ENTERED',
  'SHELTER_LEFT',
  'HOSPITAL_LEFT',
  'HOSPITAL_RETURNED',
  'HANDED_TO_CONVOY',
]);

/** Where the person was sent, if that is how the case ended. */
function departureOf(
  { facilityId, caseId }: PlacedCase,
  { view, events }: CaseRecord,
): Departure | undefined {
  const sent = events.findLast(({ type, arrival }) => type === 'TRANSFERRED' && !arrival);
  if (sent?.destination === undefined || view.closedAtMs !== sent.at) return undefined;
  return { facilityId, caseId, to: sent.destination, atMs: sent.at };
}
