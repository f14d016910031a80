import { type ErrorCode, toVartaError, VartaError } from '#contract/errors.ts';
import { GRANT_RENEWAL_SECONDS } from '#contract/grants.ts';
import type { NodeId } from '#contract/ids.ts';
import type { LiveView } from '../../live/live.ts';
import type { GrantSigner } from '../grants/grant-signer.ts';
import type { SfuLinks } from '../links/sfu-links.ts';
import type { Log, Now } from '../ports.ts';
import type { PlayerEnds } from './player-ends.ts';
import type { Granted, PersonOf, PlayerRights } from './player-rights.ts';
import { CLAIM_BATCH, CLAIM_MS, type Player, type PlayerStore } from './player-store.ts';

/** Players of one node that are being renewed or ended at the same time; a node that answers has far fewer. */
const MAX_UNDER_WAY_OF_NODE = 500;

/** Refusals that mean that the node has no such player (any more). */
const GONE: ReadonlySet<ErrorCode> = new Set(['unknown_viewer', 'grant_expired', 'unknown_resource']);

interface PlayerRenewalsOptions {
  store: Pick<PlayerStore, 'claim' | 'keep'>;
  rights: Pick<PlayerRights, 'authorise' | 'personOfOnce'>;
  ends: Pick<PlayerEnds, 'end' | 'forget'>;
  links: Pick<SfuLinks, 'request' | 'has'>;
  signer: Pick<GrantSigner, 'signView'>;
  view: Pick<LiveView, 'current'>;
  log: Pick<Log, 'warn'>;
  now: Now;
}

/** Takes up players whose grant is due: asks session and policy anew, and renews the grant or ends the player. */
export class PlayerRenewals implements AsyncDisposable {
  readonly #options: PlayerRenewalsOptions;
  /** What was taken up and is not done, by node, so that one that hangs keeps nobody else's players waiting. */
  readonly #underWay = new Map<NodeId, Set<Promise<void>>>();

  constructor(options: PlayerRenewalsOptions) {
    this.#options = options;
  }

  /** Called about once a second: takes up what is due, and does not wait for the nodes. */
  async tick(): Promise<void> {
    const { store, rights, view, now } = this.#options;
    // Without a mirror that can be trusted nobody knows what is confidential: grants run out until there is one.
    if (!view.current) return;
    const personOf = rights.personOfOnce();
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
    const { store, ends, links, signer, now } = this.#options;
    const { viewerId, nodeId } = player;
    try {
      // Without an answer of its node: its replica died while it started it, and nobody has what the player would need.
      if (player.isEnding || player.resourceId === null) return await ends.end(player);
      const granted = await this.#authoriseOrNot(player, personOf);
      if (!granted || !links.has(nodeId)) return await ends.end(player);
      const grant = await signer.signView(nodeId, viewerId, [granted]);
      await links.request({ nodeId, message: 'viewer:renew' }, { grant }, { timeoutMs: CLAIM_MS });
      await store.keep(viewerId, now() + GRANT_RENEWAL_SECONDS * 1000);
    } catch (error) {
      if (!GONE.has(toVartaError(error).code)) throw error;
      await ends.forget(player);
    }
  }

  async #authoriseOrNot(player: Player, personOf: PersonOf): Promise<Granted | undefined> {
    try {
      return await this.#options.rights.authorise(player, personOf);
    } catch (error) {
      if (error instanceof VartaError) return undefined;
      throw error;
    }
  }
}
