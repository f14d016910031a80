import { VartaError } from '#contract/errors.ts';
import type { AreaId, ViewerId } from '#contract/ids.ts';
import type { LiveView } from '../../live/live.ts';
import type { Registry } from '../../nation/registry.ts';
import type { GrantSigner } from '../grants/grant-signer.ts';
import type { NodeEvent } from '../links/control-link.ts';
import type { SfuLinks } from '../links/sfu-links.ts';
import type { NodeFinder } from '../nodes/node-finder.ts';
import type { Log, Now } from '../ports.ts';
import type { PurposeStore } from '../purposes/purpose-store.ts';
import { isAreaClosed } from '../viewers/feed-access.ts';
import type { ViewingLog } from '../viewings/viewing-log.ts';
import { PlayerEnds } from './player-ends.ts';
import { PlayerRenewals } from './player-renewals.ts';
import { type PersonOf, PlayerRights } from './player-rights.ts';
import { isPlayerId, PlayerStarts, type PlayRequest, type Started } from './player-starts.ts';
import { CLAIM_MS, type Player, type PlayerStore } from './player-store.ts';

interface PlayersOptions {
  store: PlayerStore;
  links: Pick<SfuLinks, 'request' | 'has'>;
  finder: Pick<NodeFinder, 'find'>;
  signer: Pick<GrantSigner, 'signView'>;
  registry: Pick<Registry, 'feed' | 'area'>;
  view: Pick<LiveView, 'area' | 'current' | 'flagsOf'>;
  purposes: Pick<PurposeStore, 'byClass'>;
  viewings: Pick<ViewingLog, 'noteBegin' | 'hasRoom'>;
  personOf: PersonOf;
  newId: () => string;
  log: Log;
  now: Now;
}

/**
 * Standard players (WHEP). They have no socket that says that they are there: each is a record in Redis with an instant
 * at which its grant is due. Whichever replica comes first takes up what is due, asks session and policy anew, and
 * renews the grant or ends the player. What ends a session or closes an area ends its players at once.
 */
export class Players implements AsyncDisposable {
  readonly #options: PlayersOptions;
  readonly #starts: PlayerStarts;
  readonly #renewals: PlayerRenewals;
  readonly #ends: PlayerEnds;

  constructor(options: PlayersOptions) {
    this.#options = options;
    const rights = new PlayerRights(options);
    this.#ends = new PlayerEnds(options);
    this.#starts = new PlayerStarts({ ...options, rights, ends: this.#ends });
    this.#renewals = new PlayerRenewals({ ...options, rights, ends: this.#ends });
  }

  /**
   * Starts a player.
   *
   * @throws VartaError the policy's refusal, the node's, or `limit_reached`, `store_unavailable`, `no_sfu`.
   */
  async play(request: PlayRequest): Promise<Started> {
    const { view, viewings } = this.#options;
    if (!view.current || !viewings.hasRoom) throw new VartaError('store_unavailable');
    return this.#starts.start(request);
  }

  /** Passes a player's ICE fragment on to its node. */
  async patch(
    player: Player,
    { iceTag, fragment }: { iceTag: string | undefined; fragment: string },
  ): Promise<{ iceTag: string; fragment: string | null }> {
    const { viewerId, nodeId } = player;
    if (player.resourceId === null || !this.#options.links.has(nodeId))
      throw new VartaError('unknown_resource');
    const { resourceId } = player;
    return this.#options.links.request(
      { nodeId, message: 'whep:patch' },
      { viewerId, resourceId, fragment, ...(iceTag === undefined ? {} : { iceTag }) },
      { timeoutMs: CLAIM_MS },
    );
  }

  /** Ends a player because its user wants so. */
  async stop(player: Player): Promise<void> {
    await this.#ends.end(player);
  }

  /** @throws VartaError `unknown_resource`. */
  async find(viewerId: ViewerId): Promise<Player> {
    const player = await this.#options.store.find(viewerId);
    if (!player || player.isEnding) throw new VartaError('unknown_resource');
    return player;
  }

  /** Called about once a second: takes up what is due, and does not wait for the nodes. */
  async tick(): Promise<void> {
    await this.#renewals.tick();
  }

  /** Waits for what is under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#renewals[Symbol.asyncDispose]();
  }

  /** The session is over: nothing more is played to it. To be called on every replica; they may all do it. */
  async endSession(sessionId: string): Promise<void> {
    await this.#ends.endAll(await this.#options.store.ofSession(sessionId));
  }

  /** Whether these areas may be watched has changed. On every replica, so that it is done by whichever hears first. */
  async handleAreas(areaIds: ReadonlySet<AreaId>): Promise<void> {
    const { registry, store, view } = this.#options;
    const world = { area: (areaId: AreaId) => view.area(areaId) };
    const closed = [...areaIds].flatMap((areaId) => registry.area(areaId) ?? []);
    const feedIds = closed
      .filter((area) => isAreaClosed(area, world))
      .flatMap(({ feeds }) => feeds.map(({ id }) => id));
    await this.#ends.endAll(await store.ofFeeds(feedIds));
  }

  /** A node says that a viewer ended; if it is a player, it is forgotten. */
  async handleNodeEvent(event: NodeEvent): Promise<void> {
    if (event.name !== 'viewer:closed' || !isPlayerId(event.payload.viewerId)) return;
    const player = await this.#options.store.find(event.payload.viewerId);
    if (player?.nodeId === event.nodeId) await this.#ends.forget(player);
  }
}
