import type { StoredEvent } from '#contract/custody-events.ts';
import type { EventId, RegionId } from '#contract/ids.ts';
import { flagIdOf } from '#contract/rule-flags.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys, type PlacedCase } from '../adapters/redis/keys.ts';
import type { CarryOver } from '../custody/carry-over.ts';
import type { CaseEvents } from '../custody/cases/case-events.ts';
import { foldRecord } from '../custody/cases/case-record.ts';
import type { Departures } from '../custody/departures.ts';
import { caseOf, type EventStore } from '../custody/event-store.ts';
import type { Basis } from '../custody/state/basis.ts';
import { type Calendar, createCalendar } from '../custody/state/local-day.ts';
import { readHistories } from '../custody/state-store.ts';
import type { Registry } from '../nation/registry.ts';
import { raiseFor, type StepDeps } from './apply-steps.ts';
import { lookAtCase } from './look/case.ts';
import { lookAtVisits, visitedAreas } from './look/visits.ts';
import { readPosition } from './stream-position.ts';

/** Events that are looked through at once, so that a long backlog keeps nothing else of the region waiting. */
const BATCH = 200;
/** A case is judged so long after something of it was received: by then what belongs to it has come as well. */
const SETTLE_MS = 45_000;

interface CaseWatchOptions extends StepDeps {
  redis: Redis;
  events: Pick<EventStore, 'readAfter' | 'find'>;
  cases: Pick<CaseEvents, 'read'>;
  basis: Basis;
  /** Lets clocks go on where the person was brought. */
  carryOver: Pick<CarryOver, 'tellOn'>;
  /** Notes who is on the way to another facility. */
  departures: Pick<Departures, 'settle'>;
  registry: StepDeps['registry'] & Pick<Registry, 'nation'>;
}

/**
 * Looks at whole cases, by all of their events, when something that bears on limits has come: what contradicts itself,
 * what was met too late however it was told, what was changed afterwards. It reads the stream on from a position in Redis;
 * a batch that is read twice raises the same flags, which changes nothing.
 */
export class CaseWatch {
  readonly #options: CaseWatchOptions;
  readonly #calendar: Calendar;

  /** Throws a RangeError for a nation whose time zone does not exist. */
  constructor(options: CaseWatchOptions) {
    this.#options = options;
    this.#calendar = createCalendar(options.registry.nation.timeZone);
  }

  /** Judges what has settled; returns when to go on (milliseconds since the epoch), if there is anything. */
  async catchUp(regionId: RegionId): Promise<number | undefined> {
    const { redis, events, now, basis } = this.#options;
    const position = await readPosition(redis, regionId, keys.casePosition(regionId));
    const entries = await events.readAfter(regionId, position, BATCH);
    const nowMs = now();
    const unsettled = entries.findIndex(({ stored }) => stored && settledAt(stored) > nowMs);
    const settled = unsettled === -1 ? entries : entries.slice(0, unsettled);
    const fresh = settled.flatMap(({ stored }) => (stored && bearsOnLimits(stored, basis) ? [stored] : []));
    const cases = byCase(regionId, fresh);
    for (const { stored } of settled) if (stored) await this.#addWithdrawn(cases, regionId, stored);
    for (const [place, own] of cases.values()) {
      const stored = await this.#judge(place, own, nowMs);
      await this.#options.carryOver.tellOn(place);
      for (const one of [place, ...this.#earlierCases(stored)]) await this.#options.departures.settle(one);
    }
    const last = settled.at(-1);
    if (last) await redis.set(keys.casePosition(regionId), last.streamId);
    const next = unsettled === -1 ? undefined : entries[unsettled]?.stored;
    if (next) return settledAt(next);
    return entries.length < BATCH ? undefined : nowMs;
  }

  /** A withdrawal names no case: the one that it bears on is that of what was withdrawn. */
  async #addWithdrawn(cases: Cases, regionId: RegionId, { event, facilityId }: StoredEvent): Promise<void> {
    if (event.type !== 'RECORD_CORRECTED' || event.replacement) return;
    const withdrawn = await this.#options.events.find({ regionId, facilityId }, event.corrects);
    const caseId = withdrawn && caseOf(withdrawn.event);
    if (caseId !== undefined) add(cases, { regionId, facilityId, caseId }, event.id);
  }

  /** The cases that any event of a case, also one that does not count any more, has said that it goes on from. */
  #earlierCases(stored: readonly StoredEvent[]): PlacedCase[] {
    const found = new Map<string, PlacedCase>();
    for (const { carried } of stored) {
      const facility = carried && this.#options.registry.facility(carried.facilityId);
      if (!facility) continue;
      const { id: facilityId, regionId } = facility;
      found.set(`${facilityId}/${carried.caseId}`, { regionId, facilityId, caseId: carried.caseId });
    }
    return [...found.values()];
  }

  /** Judges a case by what has settled of it; returns that. */
  async #judge(
    place: PlacedCase,
    fresh: ReadonlySet<EventId>,
    nowMs: number,
  ): Promise<readonly StoredEvent[]> {
    const { redis, basis, cases, flags } = this.#options;
    const { entries } = await cases.read(place);
    // What has not settled is judged when it has.
    const events = entries.flatMap(({ stored }) => (stored && settledAt(stored) <= nowMs ? [stored] : []));
    const record = foldRecord(place, events, basis);
    if (!record) return events;
    const kindOf = (areaId: string) => basis.areaFacts(areaId)?.kind;
    const fold = (some: readonly StoredEvent[]) => foldRecord(place, some, basis);
    const told = events.filter(({ event }) => fresh.has(event.id));
    const areaIds = visitedAreas(record.view, told);
    const histories = await readHistories(redis, place.regionId, areaIds);
    const visits = lookAtVisits(record.view, told, { histories, kindOf, calendar: this.#calendar });
    for (const finding of [...lookAtCase({ ...place, record, events, fresh, kindOf, fold }), ...visits]) {
      const since = new Date(finding.sinceMs ?? 0).toISOString();
      const { formerKey } = finding;
      // An earlier version may have raised it under another name.
      const isKnown =
        formerKey !== undefined && (await flags.find(flagIdOf(formerKey, since), [place.regionId]));
      if (!isKnown) await raiseFor(finding, since, this.#options);
    }
    return events;
  }
}

/** When an event is judged; milliseconds since the epoch. */
function settledAt({ receivedAt }: StoredEvent): number {
  return Date.parse(receivedAt) + SETTLE_MS;
}

function bearsOnLimits({ event }: StoredEvent, { keptTypes }: Basis): boolean {
  const said = event.type === 'RECORD_CORRECTED' ? event.replacement : event;
  return said !== undefined && 'caseId' in said && (said.person !== undefined || keptTypes.has(said.type));
}

/** Cases by `facility/case`, each with the ids of those of its events of which nothing was said yet. */
type Cases = Map<string, [PlacedCase, Set<EventId>]>;

/** The cases that events name. */
function byCase(regionId: RegionId, events: readonly StoredEvent[]): Cases {
  const found: Cases = new Map();
  for (const { facilityId, event } of events) {
    const caseId = caseOf(event);
    if (caseId !== undefined) add(found, { regionId, facilityId, caseId }, event.id);
  }
  return found;
}

function add(cases: Cases, place: PlacedCase, eventId: EventId): void {
  const name = `${place.facilityId}/${place.caseId}`;
  const known = cases.get(name) ?? [place, new Set<EventId>()];
  known[1].add(eventId);
  cases.set(name, known);
}
