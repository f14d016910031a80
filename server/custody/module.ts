import { randomUUID } from 'node:crypto';
import type { CustodyEventResult } from '#contract/custody-events.ts';
import { type Norms, normsOf } from '../../config/norms/norms.ts';
import type { AnyRoute } from '../adapters/http/route.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import type { Attacks, AuditLog } from '../audit/audit.ts';
import type { Registry } from '../nation/registry.ts';
import { noteDrifts } from '../rules/drift-store.ts';
import { CarryOver } from './carry-over.ts';
import { EventStore } from './event-store.ts';
import { intakeRoutes } from './intake.ts';
import type { PartitionLog } from './partition.ts';
import { Projector } from './projector.ts';
import { type Basis, createBasis } from './state/basis.ts';
import { StateStore } from './state-store.ts';
import { createTaker, type TakeEvents } from './take-events.ts';
import { NO_WORDS_KEY, type WordKeeper } from './words.ts';

interface CustodyModuleOptions {
  redis: Redis;
  newConnection: () => Promise<Redis>;
  registry: Registry;
  audit?: Pick<AuditLog, 'auditRefusal'> & Attacks;
  now: () => number;
  log: PartitionLog;
  /** For every facility. @default those that the nation names */
  norms?: Norms;
  /** Seals free words of events. @default nothing is sealed */
  words?: WordKeeper;
  /** Told of every event that was answered, for the metrics. */
  countEvent?: (status: CustodyEventResult['status']) => void;
  /** How long a replica that was killed is missed. @default 3000 */
  leaseMs?: number;
}

export interface CustodyModule extends AsyncDisposable {
  readonly routes: AnyRoute[];
  /** By which status is derived from events. */
  readonly basis: Basis;
  /** By which clocks go on in another facility. */
  readonly carryOver: CarryOver;
  /** The way by which events get into the store. */
  readonly take: TakeEvents;
  /** How many regions this replica could not project when it last tried; anything but 0 is an alarm. */
  stoppedRegions(): number;
}

/**
 * The custody plane of a replica: takes events, and turns them into status for as many regions as fall to it. Disposal
 * ends the projection and closes the connection that it opened; `redis` stays the caller's.
 */
export async function createCustodyModule(options: CustodyModuleOptions): Promise<CustodyModule> {
  const { redis, newConnection, registry, now, log, norms, leaseMs } = options;
  const events = new EventStore(redis, { words: options.words ?? NO_WORDS_KEY });
  const { nation } = registry;
  const basis = createBasis({
    normsOf: norms ? () => norms : normsOf(nation),
    facilities: nation.facilities,
    areas: nation.areas,
  });
  const projector = await Projector.start({
    redis,
    newConnection,
    regionIds: nation.regions.map(({ id }) => id),
    events,
    states: new StateStore({ redis, basis, now }),
    basis,
    replicaId: randomUUID(),
    log,
    leaseMs,
  });
  const carryOver = new CarryOver({ redis, events, basis, registry, now });
  const take = createTaker({
    store: events,
    carryOver,
    now,
    noteDrift: ({ regionId, facilityId }, drift) =>
      noteDrifts(redis, regionId, new Map([[facilityId, drift]])),
    countEvent: options.countEvent,
  });
  return {
    routes: intakeRoutes({
      take,
      registry,
      auditRefusal: options.audit?.auditRefusal,
      auditAttack: options.audit?.auditAttack,
    }),
    take,
    basis,
    carryOver,
    stoppedRegions: () => projector.stoppedRegionIds.length,
    [Symbol.asyncDispose]: () => projector[Symbol.asyncDispose](),
  };
}
