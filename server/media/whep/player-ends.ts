import type { SfuLinks } from '../links/sfu-links.ts';
import type { Log, Now } from '../ports.ts';
import { CLAIM_MS, type Player, type PlayerStore } from './player-store.ts';

interface PlayerEndsOptions {
  store: Pick<PlayerStore, 'keep' | 'end'>;
  links: Pick<SfuLinks, 'request' | 'has'>;
  log: Pick<Log, 'warn'>;
  now: Now;
}

/** Ends players, whatever for. */
export class PlayerEnds {
  readonly #options: PlayerEndsOptions;

  constructor(options: PlayerEndsOptions) {
    this.#options = options;
  }

  /** Ends a player at its node at once, then forgets it. If the node cannot be told, somebody tries again in a moment. */
  async end(player: Player): Promise<void> {
    const { links, store, log, now } = this.#options;
    const { viewerId, nodeId } = player;
    try {
      const target = { nodeId, message: 'viewer:leave' } as const;
      if (links.has(nodeId)) await links.request(target, { viewerId }, { timeoutMs: CLAIM_MS });
    } catch (error) {
      log.warn({ err: error, viewerId, nodeId }, 'node not told that a player ends');
      await store.keep(viewerId, now(), { ...player, isEnding: true });
      return;
    }
    await this.forget(player);
  }

  async endAll(players: readonly Player[]): Promise<void> {
    await Promise.all(players.map((player) => this.end(player)));
  }

  /** For a player that its node does not have (any more). */
  async forget(player: Player): Promise<void> {
    await this.#options.store.end(player, this.#options.now());
  }
}
