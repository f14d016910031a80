import { createHash } from 'node:crypto';
import type { RegionId } from '#contract/ids.ts';
import { LIVE_MESSAGES, type LiveDeltas, type RegionDelta } from '#contract/live.ts';
import type { ConsoleSocket } from '../adapters/socket/on-message.ts';
import type { Registry } from '../nation/registry.ts';
import { narrow, type Sight, sightsKey } from './sight.ts';

/** How long changes are gathered for those who take them in batches. */
const GATHER_MS = 40;
/** Deltas that are gathered at most; then they go out early. */
const MAX_GATHERED = 500;

/** What a page subscribed to. */
export interface Subscription {
  sights: ReadonlyMap<RegionId, Sight>;
  batched: boolean;
}

/** Pages that see exactly the same, in one room. */
interface Audience extends Subscription {
  room: string;
  members: Set<ConsoleSocket>;
  gathered: RegionDelta[];
}

/**
 * Sends changes to pages. Pages that may see the same share a room, so that a change is narrowed and serialised once for
 * all of them, however many they are.
 */
export class Audiences {
  readonly #registry: Registry;
  readonly #audiences = new Map<string, Audience>();
  readonly #audienceOf = new Map<ConsoleSocket, Audience>();
  #timer: NodeJS.Timeout | undefined;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** Pages that are subscribed. */
  get size(): number {
    return this.#audienceOf.size;
  }

  /** Subscribes a page, in place of what it had subscribed to before. It hears every delta that is delivered from now on. */
  join(socket: ConsoleSocket, subscription: Subscription): void {
    this.leave(socket);
    const room = roomOf(subscription);
    const audience = this.#audiences.get(room) ?? { ...subscription, room, members: new Set(), gathered: [] };
    // Whoever joins hears only what comes after, so what was gathered before goes out first.
    this.#send(audience);
    this.#audiences.set(room, audience);
    this.#audienceOf.set(socket, audience);
    audience.members.add(socket);
    void socket.join(room);
  }

  /** Ends a page's subscription; does nothing if it has none. */
  leave(socket: ConsoleSocket): void {
    const audience = this.#audienceOf.get(socket);
    if (!audience) return;
    this.#audienceOf.delete(socket);
    audience.members.delete(socket);
    if (audience.members.size === 0) this.#audiences.delete(audience.room);
    void socket.leave(audience.room);
  }

  /** Passes on a change to everyone who subscribed to its region. */
  deliver(delta: RegionDelta): void {
    for (const audience of this.#audiences.values()) {
      const sight = audience.sights.get(delta.regionId);
      if (!sight) continue;
      // What is left of a change may be nothing; its number goes out all the same, so that nobody sees a gap.
      const seen = narrow(delta, sight, this.#registry);
      if (audience.batched) this.#gather(audience, seen);
      else emit(audience, LIVE_MESSAGES.delta, seen);
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#audiences.clear();
    this.#audienceOf.clear();
  }

  #gather(audience: Audience, delta: RegionDelta): void {
    audience.gathered.push(delta);
    if (audience.gathered.length >= MAX_GATHERED) this.#send(audience);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      for (const one of this.#audiences.values()) this.#send(one);
    }, GATHER_MS);
  }

  #send(audience: Audience): void {
    if (audience.gathered.length === 0) return;
    const deltas = audience.gathered;
    audience.gathered = [];
    emit(audience, LIVE_MESSAGES.deltas, { deltas } satisfies LiveDeltas);
  }
}

function emit({ room, members }: Audience, message: string, payload: unknown): void {
  const [anyone] = members;
  anyone?.nsp.local.to(room).emit(message, payload);
}

function roomOf({ sights, batched }: Subscription): string {
  const digest = createHash('sha256').update(sightsKey(sights)).digest('base64url');
  return `live:${batched ? 'batched' : 'single'}:${digest}`;
}
