import { LOOKER, MAX_UNLOOK } from '#contract/control.ts';
import { toVartaError } from '#contract/errors.ts';
import type { AreaId, FeedId, NodeId } from '#contract/ids.ts';
import type { LiveView } from '../../live/live.ts';
import type { PlacedFeed, Registry } from '../../nation/registry.ts';
import type { GrantSigner } from '../grants/grant-signer.ts';
import type { SfuLinks } from '../links/sfu-links.ts';
import type { Log, Now } from '../ports.ts';
import { isAreaClosed, toGrantedFeed } from '../viewers/feed-access.ts';

/** Feeds that one node is asked to look at by one message. A grant names 400 at most. */
const MAX_AT_ONCE = 200;
/** Seconds that are made up for when a tick comes late; what is older has its turn in the next round. */
const MAX_LATE_S = 5;

export interface PatrolOptions {
  registry: Pick<Registry, 'nation' | 'feed' | 'area'>;
  view: Pick<LiveView, 'area' | 'feed' | 'current'>;
  /** The nodes at which feeds enter; may reject. */
  homesOf(feedIds: readonly FeedId[]): Promise<(NodeId | null)[]>;
  links: Pick<SfuLinks, 'request' | 'has'> & {
    candidates(): Iterable<{ record: { nodeId: NodeId }; reachable: boolean }>;
  };
  signer: Pick<GrantSigner, 'signView'>;
  /** From one look at a feed to the next, in milliseconds. */
  everyMs: number;
  log: Pick<Log, 'debug'>;
  now: Now;
}

/**
 * Has nodes look at what comes in anyway while nobody watches it: a camera that somebody has covered is found though its
 * area is on no wall. What is to be looked at is decided here as for people: nothing of an area that is closed.
 */
export class Patrol {
  readonly #options: PatrolOptions;
  readonly #published: readonly PlacedFeed[];
  /** The last second, since 1970, whose part was asked for. */
  #second: number;

  constructor(options: PatrolOptions) {
    this.#options = options;
    this.#published = publishedFeeds(options.registry);
    this.#second = toSecond(options.now()) - 1;
  }

  /**
   * To be called every second: asks for the part of all looks that falls to it. Every replica may; since the part follows
   * from the time of day, they ask for the same feeds at the same time, and nodes hear the first.
   */
  async tick(): Promise<void> {
    const { view, links, homesOf, now } = this.#options;
    const due = this.#takeDue(toSecond(now()));
    if (!view.current || due.length === 0) return;
    const homes = await homesOf(due.map(({ feed }) => feed.id));
    const ofNodes = new Map<NodeId, PlacedFeed[]>();
    for (const [index, placed] of due.entries()) {
      const nodeId = homes[index];
      if (nodeId && links.has(nodeId)) ofNodes.set(nodeId, [...(ofNodes.get(nodeId) ?? []), placed]);
    }
    const asked = [...ofNodes].flatMap(([nodeId, feeds]) =>
      inParts(feeds, MAX_AT_ONCE).map((part) => this.#ask(nodeId, part)),
    );
    await Promise.all(asked);
  }

  /**
   * Something about these areas changed. Of those that are closed now, no node begins a look, and one that is under way
   * ends; every node is told, whichever replica has asked it.
   */
  handleAreas(areaIds: ReadonlySet<AreaId>): void {
    const { registry, view, links, log } = this.#options;
    const closed = [...areaIds]
      .flatMap((id) => registry.area(id) ?? [])
      .filter((it) => isAreaClosed(it, view));
    const feedIds = closed.flatMap(({ feeds }) => feeds.filter(isPublished).map(({ id }) => id));
    if (feedIds.length === 0) return;
    for (const { record, reachable } of links.candidates()) {
      if (!reachable) continue;
      const { nodeId } = record;
      for (const part of inParts(feedIds, MAX_UNLOOK))
        links.request({ nodeId, message: 'feed:unlook' }, { feedIds: part }).catch((error: unknown) => {
          log.debug({ nodeId, code: toVartaError(error).code }, 'node not told of areas that closed');
        });
    }
  }

  /** What falls to the seconds since the last tick, and may be looked at. */
  #takeDue(second: number): PlacedFeed[] {
    const { view, everyMs } = this.#options;
    const rounds = Math.max(1, Math.round(everyMs / 1_000));
    const since = Math.max(this.#second, second - Math.min(MAX_LATE_S, rounds));
    this.#second = Math.max(this.#second, second);
    const parts = new Set(
      Array.from({ length: Math.max(0, second - since) }, (_, i) => (since + 1 + i) % rounds),
    );
    return this.#published.filter(
      (placed, index) => parts.has(index % rounds) && mayBeLookedAt(placed, view),
    );
  }

  /** Never rejects: a node that is of another version or does not answer is asked again with the next round. */
  async #ask(nodeId: NodeId, feeds: readonly PlacedFeed[]): Promise<void> {
    const { links, signer, view, everyMs, log } = this.#options;
    const granted = feeds.map((placed) => ({
      ...toGrantedFeed(placed, view.area(placed.area.id)),
      maxLayer: 'low' as const,
    }));
    try {
      const grant = await signer.signView(nodeId, LOOKER, granted);
      // What closed while it was signed has been taken back already; the others have their turn in the next round.
      if (!view.current || !feeds.every((placed) => mayBeLookedAt(placed, view))) return;
      await links.request({ nodeId, message: 'feed:look' }, { grant, againInMs: everyMs });
    } catch (error) {
      log.debug({ nodeId, code: toVartaError(error).code }, 'node does not look at what nobody watches');
    }
  }
}

function toSecond(ms: number): number {
  return Math.floor(ms / 1_000);
}

function inParts<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}

function isPublished({ source }: PlacedFeed['feed']): boolean {
  return source === 'whip';
}

/** Feeds that come in whether somebody watches them or not. */
function publishedFeeds({ nation, feed }: Pick<Registry, 'nation' | 'feed'>): PlacedFeed[] {
  const ids = nation.areas.flatMap(({ feeds }) => feeds.filter(isPublished));
  return ids.flatMap(({ id }) => feed(id) ?? []);
}

/** Of what is partly covered there is no picture while nobody watches. */
function mayBeLookedAt({ feed, area }: PlacedFeed, view: PatrolOptions['view']): boolean {
  const state = view.feed(feed.id)?.state;
  const isMasked = area.privacy === 'masked' && feed.masks !== undefined;
  return (state === 'live' || state === 'faulty') && !isMasked && !isAreaClosed(area, view);
}
