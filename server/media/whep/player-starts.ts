import { toVartaError, VartaError } from '#contract/errors.ts';
import { GRANT_RENEWAL_SECONDS } from '#contract/grants.ts';
import type { FeedId, NodeId, ViewerId } from '#contract/ids.ts';
import type { Layer } from '#contract/nation.ts';
import type { PurposeId } from '#contract/personal.ts';
import type { Person } from '../../access/account.ts';
import type { GrantSigner } from '../grants/grant-signer.ts';
import type { SfuLinks } from '../links/sfu-links.ts';
import type { NodeFinder } from '../nodes/node-finder.ts';
import { NODE_TROUBLE } from '../nodes/node-trouble.ts';
import { regionOf } from '../nodes/region-of.ts';
import type { Log, Now } from '../ports.ts';
import type { ViewingLog } from '../viewings/viewing-log.ts';
import type { PlayerEnds } from './player-ends.ts';
import type { Granted, PlayerRights } from './player-rights.ts';
import type { Player, PlayerStore } from './player-store.ts';

/** An on-demand feed starts within this, or the node says why not. */
const PLAY_TIMEOUT_MS = 8_000;
/** A start that has not come to an end by then never will: its replica died. */
const START_WITHIN_MS = 2 * PLAY_TIMEOUT_MS;
/** Starts that one replica has under way. */
const MAX_STARTING = 64;
/** Nodes that are tried for one start. */
const MAX_NODES_TRIED = 3;

const PLAYER_PREFIX = 'p-';

/** Whether a viewer is a standard player. */
export function isPlayerId(viewerId: ViewerId): boolean {
  return viewerId.startsWith(PLAYER_PREFIX);
}

/** Who wants what played. */
export interface PlayRequest {
  sessionId: string;
  person: Person;
  feedId: FeedId;
  sdpOffer: string;
  layer?: Layer | undefined;
}

/** A player that plays, and what its node answered to the offer. */
export interface Started {
  viewerId: ViewerId;
  sdpAnswer: string;
  iceTag: string;
}

interface PlayerStartsOptions {
  store: Pick<PlayerStore, 'begin' | 'keep'>;
  rights: Pick<PlayerRights, 'grant' | 'authorise'>;
  ends: Pick<PlayerEnds, 'end'>;
  links: Pick<SfuLinks, 'request'>;
  finder: Pick<NodeFinder, 'find'>;
  signer: Pick<GrantSigner, 'signView'>;
  viewings: Pick<ViewingLog, 'noteBegin'>;
  newId: () => string;
  log: Pick<Log, 'warn'>;
  now: Now;
}

/** Starts players, on the next node if one takes none. */
export class PlayerStarts {
  readonly #options: PlayerStartsOptions;
  #starting = 0;

  constructor(options: PlayerStartsOptions) {
    this.#options = options;
  }

  /** @throws VartaError the policy's refusal, the node's, or `limit_reached`, `no_sfu`. */
  async start(request: PlayRequest): Promise<Started> {
    if (this.#starting >= MAX_STARTING) throw new VartaError('limit_reached');
    this.#starting += 1;
    try {
      return await this.#startSomewhere(request);
    } finally {
      this.#starting -= 1;
    }
  }

  async #startSomewhere(request: PlayRequest): Promise<Started> {
    const { finder, rights, log } = this.#options;
    const failed = new Set<NodeId>();
    for (;;) {
      const { granted, purpose } = await rights.grant(request.person, request);
      if (request.layer === 'high' && granted.maxLayer === 'low' && granted.layers.includes('high'))
        throw new VartaError('purpose_required');
      const nodeId = await finder.find(regionOf(request.person), failed);
      const player = await this.#begin(nodeId, request, purpose);
      try {
        return await this.#startAt(player, request, granted);
      } catch (thrown) {
        const error = toVartaError(thrown);
        failed.add(nodeId);
        if (!NODE_TROUBLE.has(error.code) || failed.size >= MAX_NODES_TRIED) throw error;
        log.warn({ nodeId, code: error.code, reason: error.message }, 'node took no player');
      }
    }
  }

  /** Notes a player before its node is asked, so that it is found if this replica dies. */
  async #begin(
    nodeId: NodeId,
    { sessionId, person, feedId }: PlayRequest,
    purpose: PurposeId | undefined,
  ): Promise<Player> {
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
      ...(purpose === undefined ? {} : { purpose }),
    };
    if (await store.begin(begun, now() + START_WITHIN_MS)) return begun;
    throw new VartaError('limit_reached', 'There are as many players as there may be');
  }

  async #startAt(begun: Player, { sdpOffer, layer }: PlayRequest, granted: Granted): Promise<Started> {
    const { store, rights, ends, links, signer, viewings, now } = this.#options;
    const { viewerId, nodeId, feedId, person } = begun;
    try {
      const grant = await signer.signView(nodeId, viewerId, [granted]);
      const { resourceId, sdpAnswer, iceTag } = await links.request(
        { nodeId, message: 'whep:play' },
        { grant, sdpOffer, ...(layer ? { layer } : {}) },
        { timeoutMs: PLAY_TIMEOUT_MS },
      );
      // What happened while the node was asked: the session may be over, the area closed, or the player ended by that.
      await rights.authorise(begun);
      const player = { ...begun, resourceId };
      if (!(await store.keep(viewerId, now() + GRANT_RENEWAL_SECONDS * 1000, player)))
        throw new VartaError('forbidden', 'The player was ended in the meanwhile');
      viewings.noteBegin(
        { principal: person, viewerId },
        { feedId, fromMs: begun.startedAtMs, purpose: begun.purpose },
      );
      return { viewerId, sdpAnswer, iceTag };
    } catch (error) {
      await ends.end(begun).catch(() => {});
      throw error;
    }
  }
}
