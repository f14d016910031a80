import { VartaError } from '#contract/errors.ts';
import { FacilityHandshake, type FacilityMedia } from '#contract/facility-link.ts';
import type { FacilityId, FeedId } from '#contract/ids.ts';
import { decide, type Principal } from '../../access/decide.ts';
import { parseHandshake } from '../../adapters/socket/handshake.ts';
import { areaResource, type Registry } from '../../nation/registry.ts';

export type FacilityPrincipal = Extract<Principal, { kind: 'facility' }>;

/** Who a facility's key is; undefined when the key is not that facility's. */
export type AuthenticateFacility = (
  facilityId: FacilityId,
  key: string,
) => Promise<Principal | undefined> | Principal | undefined;

interface HandshakePorts {
  registry: Pick<Registry, 'feed'>;
  authenticateFacility: AuthenticateFacility;
}

/**
 * Which feeds a piece of equipment serves, of those that it may serve, and how it sends them.
 *
 * @throws VartaError `protocol_unsupported`, `invalid`, `bad_facility_key`, `unknown_feed`, `wrong_facility`, or
 * `forbidden` for a feed that is not sent on demand
 */
export async function admitEquipment(
  auth: unknown,
  ports: HandshakePorts,
): Promise<{ principal: FacilityPrincipal; feeds: ReadonlySet<FeedId>; media: FacilityMedia }> {
  const parsed = parseHandshake(FacilityHandshake, auth);
  if (!parsed.ok) throw new VartaError(parsed.code);
  const { facilityId, key, feeds, media = 'rtp' } = parsed.handshake;
  const principal = await ports.authenticateFacility(facilityId, key);
  if (principal?.kind !== 'facility') throw new VartaError('bad_facility_key');
  for (const feedId of feeds) {
    const placed = ports.registry.feed(feedId);
    if (!placed) throw new VartaError('unknown_feed', `there is no feed ${feedId}`);
    const decision = decide(principal, 'feed.publish', areaResource(placed.area));
    if (!decision.allow) throw new VartaError(decision.code, `${feedId}: ${decision.reason}`);
    if (placed.feed.source !== 'edge')
      throw new VartaError(
        'forbidden',
        `${feedId} is not sent on demand, its source is ${placed.feed.source}`,
      );
  }
  return { principal, feeds: new Set(feeds), media };
}
