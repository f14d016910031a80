import type { Server } from 'socket.io';
import type { FacilityId, NodeId } from '#contract/ids.ts';
import type { Redis } from '../../adapters/redis/connect.ts';
import type { Attacks, AuditLog } from '../../audit/audit.ts';
import type { Registry } from '../../nation/registry.ts';
import type { GrantSigner } from '../grants/grant-signer.ts';
import type { SfuLinks } from '../links/sfu-links.ts';
import type { Log, Now } from '../ports.ts';
import type { AuthenticateFacility } from './facility-handshake.ts';
import { FacilityLinks } from './facility-links.ts';
import { PresenceReader, PresenceWriter } from './presence-store.ts';
import { RevokedKeys } from './revoked-keys.ts';
import { createEquipmentStop, createSendingRelay } from './sending-relay.ts';

interface FacilitiesOptions {
  redis: Redis;
  io: Server;
  registry: Registry;
  links: SfuLinks;
  signer: GrantSigner;
  audit: AuditLog & Attacks;
  authenticateFacility: AuthenticateFacility;
  /** Ids of a facility's keys that open something now. */
  keyIdsOf(facilityId: FacilityId): Promise<ReadonlySet<string>>;
  /** Nodes whose demands count. */
  nodeIds(): Iterable<NodeId>;
  replicaId: string;
  log: Log;
  now: Now;
}

interface Facilities {
  /** Their equipment at this replica. */
  links: FacilityLinks;
  /** What ends that keys have opened. */
  revokedKeys: RevokedKeys;
  /** Which feeds have their equipment at any replica. */
  presence: PresenceReader;
}

/** Opens the way for facilities' equipment. All of it ends with `owned`. */
export function openFacilities(owned: AsyncDisposableStack, options: FacilitiesOptions): Facilities {
  const { redis, io, registry, links, signer, audit, log, now } = options;
  const writer = new PresenceWriter({ redis, replicaId: options.replicaId });
  const equipment = owned.use(
    new FacilityLinks({
      io,
      redis,
      registry,
      authenticateFacility: options.authenticateFacility,
      nodeIds: options.nodeIds,
      relaySending: createSendingRelay({ registry, links, signer }),
      tellPresence: (feedIds) => writer.tell(feedIds),
      stopEquipment: createEquipmentStop({ registry, links, signer }),
      auditRefusal: audit.auditRefusal,
      auditAttack: audit.auditAttack,
      log,
      now,
    }),
  );
  const revokedKeys = owned.use(
    new RevokedKeys({ redis, registry, links, signer, keyIdsOf: options.keyIdsOf, equipment, log }),
  );
  return { links: equipment, revokedKeys, presence: new PresenceReader(redis) };
}
