import type { Socket } from 'socket.io';
import type { FacilityMedia } from '#contract/facility-link.ts';
import type { FacilityId, FeedId } from '#contract/ids.ts';
import type { FacilityPrincipal } from './facility-handshake.ts';
import type { RevokedKey } from './revoked-keys.ts';
import type { Told } from './standing-demands.ts';

/** Connections of one facility at a time: each may serve up to 200 feeds. */
const MAX_CONNECTIONS = 16;

/** A connection of a facility's equipment. */
export interface Equipment {
  socket: Socket;
  principal: FacilityPrincipal;
  facilityId: FacilityId;
  feeds: ReadonlySet<FeedId>;
  media: FacilityMedia;
  /** Nodes can know how it sends. */
  isNoted: boolean;
  told: Map<FeedId, Told>;
}

/** The equipment that is connected to this replica, and which of it serves a feed: what came last. */
export class ConnectedEquipment {
  readonly #connected = new Set<Equipment>();
  readonly #byFeed = new Map<FeedId, Equipment>();

  get size(): number {
    return this.#connected.size;
  }

  /** Feeds that some equipment serves. */
  get feedIds(): Iterable<FeedId> {
    return this.#byFeed.keys();
  }

  [Symbol.iterator](): Iterator<Equipment> {
    return this.#connected.values();
  }

  has(equipment: Equipment): boolean {
    return this.#connected.has(equipment);
  }

  serverOf(feedId: FeedId): Equipment | undefined {
    return this.#byFeed.get(feedId);
  }

  isServer(equipment: Equipment, feedId: FeedId): boolean {
    return this.#byFeed.get(feedId) === equipment;
  }

  /** It serves its feeds from now on. Of too many of one facility the oldest is cut off. */
  add(equipment: Equipment): void {
    const ofFacility = [...this.#connected].filter(({ facilityId }) => facilityId === equipment.facilityId);
    // The likeliest to be a connection whose end nobody has noticed yet.
    if (ofFacility.length >= MAX_CONNECTIONS) ofFacility[0]?.socket.disconnect(true);
    this.#connected.add(equipment);
    for (const feedId of equipment.feeds) this.#byFeed.set(feedId, equipment);
  }

  /** Its feeds are served by what came before it, where there is any. */
  remove(equipment: Equipment): void {
    this.#connected.delete(equipment);
    for (const feedId of equipment.feeds) {
      if (!this.isServer(equipment, feedId)) continue;
      this.#byFeed.delete(feedId);
      const other = [...this.#connected].findLast(({ feeds }) => feeds.has(feedId));
      if (!other) continue;
      this.#byFeed.set(feedId, other);
      other.isNoted = false;
    }
  }

  /** The keys that it has shown. */
  get shownKeys(): RevokedKey[] {
    return [...this.#connected].flatMap(({ principal: { facilityId, keyId } }) =>
      keyId === undefined ? [] : [{ facilityId, keyId }],
    );
  }

  ofKey({ facilityId, keyId }: RevokedKey): Equipment[] {
    return [...this.#connected].filter(
      ({ principal }) => principal.facilityId === facilityId && principal.keyId === keyId,
    );
  }
}
