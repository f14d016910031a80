import { LOOKER } from '#contract/control.ts';
import { toVartaError } from '#contract/errors.ts';
import type { FeedId, NodeId } from '#contract/ids.ts';
import type { LiveView } from '../../live/live.ts';
import type { PlacedFeed, Registry } from '../../nation/registry.ts';
import type { GrantSigner } from '../grants/grant-signer.ts';
import type { SfuLinks } from '../links/sfu-links.ts';
import type { Log } from '../ports.ts';
import { isAreaClosed, toGrantedFeed } from '../viewers/feed-access.ts';

/** Feeds that one node is asked to look at by one message. A grant names 400 at most. */
const MAX_AT_ONCE = 200;

interface PatrolOptions {
  registry: Pick<Registry, 'nation' | 'feed'>;
  view: Pick<LiveView, 'area' | 'feed' | 'current'>;
  /** The nodes at which feeds enter; may reject. */
  homesOf(feedIds: readonly FeedId[]): Promise<(NodeId | null)[]>;
  links: Pick<SfuLinks, 'request' | 'has'>;
  signer: Pick<GrantSigner, 'signView'>;
  /** From one look at a feed to the next, in milliseconds. */
  everyMs: number;
  log: Pick<Log, 'debug'>;
}

/**
 * Has nodes look at what comes in anyway while nobody watches it: a camera that somebody has covered is found though its
 * area is on no wall. What is to be looked at is decided here as for people: nothing of an area that is closed.
 */
export class Patrol {
  readonly #options: PatrolOptions;
  readonly #published: readonly PlacedFeed[];
  #round = 0;

  constructor(options: PatrolOptions) {
    this.#options = options;
    this.#published = publishedFeeds(options.registry);
  }

  /** To be called every second: asks for the part of all looks that falls to it. Every replica may; nodes hear the first. */
  async tick(): Promise<void> {
    const { view, links, homesOf, everyMs } = this.#options;
    const rounds = Math.max(1, Math.round(everyMs / 1_000));
    this.#round = (this.#round + 1) % rounds;
    if (!view.current) return;
    const due = this.#published
      .filter((_, index) => index % rounds === this.#round)
      .filter((placed) => mayBeLookedAt(placed, view));
    if (due.length === 0) return;
    const homes = await homesOf(due.map(({ feed }) => feed.id));
    const ofNodes = new Map<NodeId, PlacedFeed[]>();
    for (const [index, placed] of due.entries()) {
      const nodeId = homes[index];
      if (nodeId && links.has(nodeId)) ofNodes.set(nodeId, [...(ofNodes.get(nodeId) ?? []), placed]);
    }
    await Promise.all(Array.from(ofNodes, ([nodeId, feeds]) => this.#ask(nodeId, feeds)));
  }

  /** Never rejects: a node that is of another version or does not answer is asked again with the next round. */
  async #ask(nodeId: NodeId, feeds: readonly PlacedFeed[]): Promise<void> {
    const { links, signer, view, everyMs, log } = this.#options;
    const granted = feeds.slice(0, MAX_AT_ONCE).map((placed) => ({
      ...toGrantedFeed(placed, view.area(placed.area.id)),
      maxLayer: 'low' as const,
    }));
    try {
      const grant = await signer.signView(nodeId, LOOKER, granted);
      await links.request({ nodeId, message: 'feed:look' }, { grant, againInMs: everyMs });
    } catch (error) {
      log.debug({ nodeId, code: toVartaError(error).code }, 'node does not look at what nobody watches');
    }
  }
}

/** Feeds that come in whether somebody watches them or not. */
function publishedFeeds({ nation, feed }: Pick<Registry, 'nation' | 'feed'>): PlacedFeed[] {
  const ids = nation.areas.flatMap(({ feeds }) => feeds.filter(({ source }) => source === 'whip'));
  return ids.flatMap(({ id }) => feed(id) ?? []);
}

/** Of what is partly covered there is no picture while nobody watches. */
function mayBeLookedAt({ feed, area }: PlacedFeed, view: PatrolOptions['view']): boolean {
  const state = view.feed(feed.id)?.state;
  const isMasked = area.privacy === 'masked' && feed.masks !== undefined;
  return (state === 'live' || state === 'faulty') && !isMasked && !isAreaClosed(area, view);
}
