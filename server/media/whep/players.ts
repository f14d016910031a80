import { type ErrorCode, toVartaError, VartaError } from '#contract/errors.ts';
import { GRANT_RENEWAL_SECONDS } from '#contract/grants.ts';
import type { AreaId, FeedId, NodeId, ViewerId } from '#contract/ids.ts';
import type { Layer } from '#contract/nation.ts';
import type { Person } from '../../access/account.ts';
import type { LiveView } from '../../live/live.ts';
import type { Registry } from '../../nation/registry.ts';
import type { GrantSigner } from '../grants/grant-signer.ts';
import type { NodeEvent } from '../links/control-link.ts';
import type { SfuLinks } from '../links/sfu-links.ts';
import type { NodeFinder } from '../nodes/node-finder.ts';
import { NODE_TROUBLE } from '../nodes/node-trouble.ts';
import { regionOf } from '../nodes/region-of.ts';
import type { Log, Now } from '../ports.ts';
import { decideFeed, type FeedAccess, isAreaClosed } from '../viewers/feed-access.ts';
import type { ViewingLog } from '../viewings/viewing-log.ts';
import { CLAIM_BATCH, CLAIM_MS, type Player, type PlayerStore } from './player-store.ts';

/** An on-demand feed starts within this, or the node says why not. */
const PLAY_TIMEOUT_MS = 8_000;
/** Until then a player that was taken up is nobody else's. */
const REQUEST_TIMEOUT_MS = CLAIM_MS;
/** A start that has not come to an end by then never will: its replica died. */
const START_WITHIN_MS = 2 * PLAY_TIMEOUT_MS;
/** Starts that one replica has under way. */
const MAX_STARTING = 64;
/** Nodes that are tried for one start. */
const MAX_NODES_TRIED = 3;
/** Players of one node that are being renewed or ended at the same time; a node that answers has far fewer. */
const MAX_UNDER_WAY_OF_NODE = 500;

/** Refusals that mean that the node has no such player (any more). */
const GONE: ReadonlySet<ErrorCode> = new Set(['unknown_viewer', 'grant_expired', 'unknown_resource']);

interface PlayersOptions {
  store: PlayerStore;
  links: Pick<SfuLinks, 'request' | 'has'>;
  finder: Pick<NodeFinder, 'find'>;
  signer: Pick<GrantSigner, 'signView'>;
  registry: Pick<Registry, 'feed' | 'area'>;
  view: Pick<LiveView, 'area' | 'current'>;
  viewings: Pick<ViewingLog, 'noteBegin' | 'hasRoom'>;
  /** The person behind a session as of now; undefined when the session is over. Throws while the store is away. */
  personOf(sessionId: string): Promise<Person | undefined>;
  newId: () => string;
  log: Log;
  now: Now;
}

type Granted = Extract<FeedAccess, { allow: true }>['granted'];
type PersonOf = PlayersOptions['personOf'];

/** Who wants what played. */
export interface PlayRequest {
  sessionId: string;
  person: Person;
  feedId: FeedId;
  sdpOffer: string;
  layer?: Layer | undefined;
}

/**
 * Standard players (WHEP). They have no socket that says that they are there: each is a record in Redis with an instant
 * at which its grant is due. Whichever replica comes first takes up what is due, asks session and policy anew, and
 * renews the grant or ends the player. What ends a session or closes an area ends its players at once.
 */
export class Players implements AsyncDisposable {
  readonly #options: PlayersOptions;
  /** What was taken up and is not done, by node, so that one that hangs keeps nobody else's players waiting. */
  readonly #underWay = new Map<NodeId, Set<Promise<void>>>();
  #starting = 0;

  constructor(options: PlayersOptions) {
    this.#options = options;
  }

  /**
   * Starts a player.
   *
   * @throws VartaError the policy's refusal, the node's, or `limit_reached`, `store_unavailable`, `no_sfu`.
   */
  async play(request: PlayRequest): Promise<{ viewerId: ViewerId; sdpAnswer: string; iceTag: string }> {
    const { view, viewings } = this.#options;
    if (!view.current || !viewings.hasRoom) throw new VartaError('store_unavailable');
    if (this.#starting >= MAX_STARTING) throw new VartaError('limit_reached');
    this.#starting += 1;
    try {
      return await this.#start(request);
    } finally {
      this.#starting -= 1;
    }
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
      { timeoutMs: REQUEST_TIMEOUT_MS },
    );
  }

  /** Ends a player because its user wants so. */
  async stop(player: Player): Promise<void> {
    await this.#end(player);
  }

  /** @throws VartaError `unknown_resource`. */
  async find(viewerId: ViewerId): Promise<Player> {
    const player = await this.#options.store.find(viewerId);
    if (!player || player.isEnding) throw new VartaError('unknown_resource');
    return player;
  }

  /** Called about once a second: takes up what is due, and does not wait for the nodes. */
  async tick(): Promise<void> {
    const { store, view, now } = this.#options;
    // Without a mirror that can be trusted nobody knows what is confidential: grants run out until there is one.
    if (!view.current) return;
    const personOf = onceEach(this.#options.personOf);
    let due: Player[];
    do {
      due = await store.claim(now());
      for (const player of due) this.#takeUp(player, personOf);
    } while (due.length >= CLAIM_BATCH);
  }

  /** Waits for what is under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#underWay.values()].flatMap((ofNode) => [...ofNode]));
  }

  /** The session is over: nothing more is played to it. To be called on every replica; they may all do it. */
  async endSession(sessionId: string): Promise<void> {
    await this.#endAll(await this.#options.store.ofSession(sessionId));
  }

  /** Whether these areas may be watched has changed. On every replica, so that it is done by whichever hears first. */
  async handleAreas(areaIds: ReadonlySet<AreaId>): Promise<void> {
    const { registry, store, view } = this.#options;
    const world = { area: (areaId: AreaId) => view.area(areaId) };
    const closed = [...areaIds].flatMap((areaId) => registry.area(areaId) ?? []);
    const feedIds = closed
      .filter((area) => isAreaClosed(area, world))
      .flatMap(({ feeds }) => feeds.map(({ id }) => id));
    await this.#endAll(await store.ofFeeds(feedIds));
  }

  /** A node says that a viewer ended; if it is a player, it is forgotten. */
  async handleNodeEvent(event: NodeEvent): Promise<void> {
    if (event.name !== 'viewer:closed' || !isPlayerId(event.payload.viewerId)) return;
    const player = await this.#options.store.find(event.payload.viewerId);
    if (player?.nodeId === event.nodeId) await this.#forget(player);
  }

  async #start(request: PlayRequest): Promise<{ viewerId: ViewerId; sdpAnswer: string; iceTag: string }> {
    const { finder, log } = this.#options;
    const failed = new Set<NodeId>();
    for (;;) {
      const access = this.#ask(request.person, request.feedId);
      if (!access.allow) throw new VartaError(access.code, access.reason);
      const nodeId = await finder.find(regionOf(request.person), failed);
      const player = await this.#begin(nodeId, request);
      try {
        return await this.#startAt(player, request, access.granted);
      } catch (thrown) {
        const error = toVartaError(thrown);
        failed.add(nodeId);
        if (!NODE_TROUBLE.has(error.code) || failed.size >= MAX_NODES_TRIED) throw error;
        log.warn({ nodeId, code: error.code, reason: error.message }, 'node took no player');
      }
    }
  }

  /** Notes a player before its node is asked, so that it is found if this replica dies. */
  async #begin(nodeId: NodeId, { sessionId, person, feedId }: PlayRequest): Promise<Player> {
    const { store, newId, now } = this.#options;
    const viewerId = `${PLAYER_PREFIX}${newId()}`;
    const begun = {
      viewerId,
      nodeId,
      resourceId: null,
      feedId,
      sessionId,
      person,
      startedAtMs: now(),
      isEnding: false,
    };
    if (await store.begin(begun, now() + START_WITHIN_MS)) return begun;
    throw new VartaError('limit_reached', 'There are as many players as there may be');
  }

  async #startAt(
    begun: Player,
    { sdpOffer, layer }: PlayRequest,
    granted: Granted,
  ): Promise<{ viewerId: ViewerId; sdpAnswer: string; iceTag: string }> {
    const { store, links, signer, viewings, now } = this.#options;
    const { viewerId, nodeId, feedId, person } = begun;
    try {
      const grant = await signer.signView(nodeId, viewerId, [granted]);
      const { resourceId, sdpAnswer, iceTag } = await links.request(
        { nodeId, message: 'whep:play' },
        { grant, sdpOffer, ...(layer ? { layer } : {}) },
        { timeoutMs: PLAY_TIMEOUT_MS },
      );
      // What happened while the node was asked: the session may be over, the area closed, or the player ended by that.
      await this.#authorise(begun);
      const player = { ...begun, resourceId };
      if (!(await store.keep(viewerId, now() + GRANT_RENEWAL_SECONDS * 1000, player)))
        throw new VartaError('forbidden', 'The player was ended in the meanwhile');
      viewings.noteBegin({ principal: person, viewerId }, { feedId, fromMs: begun.startedAtMs });
      return { viewerId, sdpAnswer, iceTag };
    } catch (error) {
      await this.#end(begun).catch(() => {});
      throw error;
    }
  }

  /** Asks session and policy as of now. @throws VartaError what they refuse with. */
  async #authorise({ sessionId, feedId }: Player, personOf = this.#options.personOf): Promise<Granted> {
    const person = await personOf(sessionId);
    if (!person) throw new VartaError('unauthenticated');
    const access = this.#ask(person, feedId);
    if (!access.allow) throw new VartaError(access.code, access.reason);
    return access.granted;
  }

  /** Renews or ends a player. One that is not, now, is due again in a moment, for whichever replica comes first. */
  #takeUp(player: Player, personOf: PersonOf): void {
    const { viewerId, nodeId } = player;
    const ofNode = this.#underWay.get(nodeId) ?? new Set();
    if (ofNode.size >= MAX_UNDER_WAY_OF_NODE) return;
    this.#underWay.set(nodeId, ofNode);
    const done = this.#renew(player, personOf)
      .catch((thrown: unknown) => {
        const { code, message } = toVartaError(thrown);
        this.#options.log.warn({ viewerId, nodeId, code, reason: message }, 'grant of a player not renewed');
      })
      .finally(() => {
        ofNode.delete(done);
        if (ofNode.size === 0) this.#underWay.delete(nodeId);
      });
    ofNode.add(done);
  }

  async #renew(player: Player, personOf: PersonOf): Promise<void> {
    const { store, links, signer, now } = this.#options;
    const { viewerId, nodeId } = player;
    try {
      // Without an answer of its node: its replica died while it started it, and nobody has what the player would need.
      if (player.isEnding || player.resourceId === null) return await this.#end(player);
      const granted = await this.#authoriseOrNot(player, personOf);
      if (!granted || !links.has(nodeId)) return await this.#end(player);
      const grant = await signer.signView(nodeId, viewerId, [granted]);
      await links.request({ nodeId, message: 'viewer:renew' }, { grant }, { timeoutMs: REQUEST_TIMEOUT_MS });
      await store.keep(viewerId, now() + GRANT_RENEWAL_SECONDS * 1000);
    } catch (error) {
      if (!GONE.has(toVartaError(error).code)) throw error;
      await this.#forget(player);
    }
  }

  async #authoriseOrNot(player: Player, personOf: PersonOf): Promise<Granted | undefined> {
    try {
      return await this.#authorise(player, personOf);
    } catch (error) {
      if (error instanceof VartaError) return undefined;
      throw error;
    }
  }

  #ask(person: Person, feedId: FeedId): FeedAccess {
    const { registry, view } = this.#options;
    return decideFeed(person, feedId, { registry, area: (areaId) => view.area(areaId) });
  }

  async #endAll(players: readonly Player[]): Promise<void> {
    await Promise.all(players.map((player) => this.#end(player)));
  }

  /** Ends a player at its node at once, then forgets it. If the node cannot be told, somebody tries again in a moment. */
  async #end(player: Player): Promise<void> {
    const { links, store, log, now } = this.#options;
    const { viewerId, nodeId } = player;
    try {
      const target = { nodeId, message: 'viewer:leave' } as const;
      if (links.has(nodeId)) await links.request(target, { viewerId }, { timeoutMs: REQUEST_TIMEOUT_MS });
    } catch (error) {
      log.warn({ err: error, viewerId, nodeId }, 'node not told that a player ends');
      await store.keep(viewerId, now(), { ...player, isEnding: true });
      return;
    }
    await this.#forget(player);
  }

  async #forget(player: Player): Promise<void> {
    await this.#options.store.end(player, this.#options.now());
  }
}

const PLAYER_PREFIX = 'p-';

function isPlayerId(viewerId: ViewerId): boolean {
  return viewerId.startsWith(PLAYER_PREFIX);
}

/** Asks about each session once. */
function onceEach(personOf: PersonOf): PersonOf {
  const asked = new Map<string, ReturnType<PersonOf>>();
  return (sessionId) => {
    const answer = asked.get(sessionId) ?? personOf(sessionId);
    asked.set(sessionId, answer);
    return answer;
  };
}
