import { RULES } from '../../config/rules/rules.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import type { CarryOver } from '../custody/carry-over.ts';
import { CaseEvents } from '../custody/cases/case-events.ts';
import { Departures, readDepartures } from '../custody/departures.ts';
import { EventStore } from '../custody/event-store.ts';
import type { Basis } from '../custody/state/basis.ts';
import { readUnplaced } from '../custody/state-store.ts';
import type { TakeEvents } from '../custody/take-events.ts';
import type { FlagStore } from '../flags/flag-store.ts';
import type { LiveView } from '../live/live.ts';
import type { Registry } from '../nation/registry.ts';
import { CaseWatch } from './case-watch.ts';
import { readContacts } from './contact-store.ts';
import { readDrifts } from './drift-store.ts';
import { DueRegions } from './due-regions.ts';
import { EpisodeStore } from './episode-store.ts';
import { EventWatch } from './event-watch.ts';
import { createLook } from './look/look-at-region.ts';
import { RecordWatch } from './record-watch.ts';
import { RuleEngine } from './rule-engine.ts';

interface RulesModuleOptions {
  redis: Redis;
  /** By which cases are derived from their events. */
  basis: Basis;
  /** By which clocks go on in another facility. */
  carryOver: Pick<CarryOver, 'tellOn'>;
  /** By which what follows from an arrival gets on record. */
  take: TakeEvents;
  registry: Registry;
  view: LiveView;
  flags: FlagStore;
  now: () => number;
  log: { warn(fields: object, message: string): void };
}

export interface RulesModule extends AsyncDisposable {
  /** In how many regions this replica could not keep the rules when it last tried; anything but 0 is an alarm. */
  stoppedRegions(): number;
}

/** The rules of a replica: they look for as long as it lives. `redis` stays the caller's. */
export function createRulesModule({
  redis,
  basis,
  carryOver,
  take,
  registry,
  view,
  flags,
  now,
  log,
}: RulesModuleOptions): RulesModule {
  const deps = {
    episodes: new EpisodeStore(redis),
    flags,
    registry,
    rules: RULES,
    now,
  };
  const stream = new EventStore(redis);
  const events = new EventWatch({ ...deps, redis, events: stream, view });
  const record = new RecordWatch({ ...deps, redis, events: stream });
  const cases = new CaseEvents(redis);
  const whole = new CaseWatch({
    ...deps,
    redis,
    events: stream,
    cases,
    basis,
    carryOver,
    departures: new Departures({ redis, events: stream, basis, registry, take }),
  });
  const engine = new RuleEngine({
    ...deps,
    due: new DueRegions(redis),
    view,
    look: createLook(registry, view),
    watches: [events, record, whole],
    recall: async (regionId) => ({
      unplaced: await readUnplaced(redis, regionId),
      drifts: await readDrifts(redis, regionId),
      departures: await readDepartures(redis, regionId),
      contacts: await readContacts(redis, regionId),
    }),
    log,
  });
  return {
    stoppedRegions: () => engine.stoppedRegionIds.length,
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}
