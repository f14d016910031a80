import {
  CLIP_CHUNK_BYTES,
  type ClipBegun,
  type ClipFinished,
  type ClipId,
  clipViewerId,
} from '#contract/clips.ts';
import { VartaError } from '#contract/errors.ts';
import type { FeedId, NodeId } from '#contract/ids.ts';
import type { PlacedFeed } from '../../nation/registry.ts';
import type { GrantSigner } from '../grants/grant-signer.ts';
import type { SfuLinks } from '../links/sfu-links.ts';
import type { NodeFinder } from '../nodes/node-finder.ts';
import { toGrantedFeed } from '../viewers/feed-access.ts';

/** A feed that nobody watches may have to be asked for twice: its equipment begins to send with the first time. */
const TRIES = 4;
const RETRY_MS = 1_500;
/** Making files decodes one picture with ffmpeg. */
const FINISH_TIMEOUT_MS = 20_000;

interface ClipSourcePorts {
  links: Pick<SfuLinks, 'request' | 'candidates'>;
  finder: Pick<NodeFinder, 'find'>;
  signer: Pick<GrantSigner, 'signView'>;
  /** The feed's home, as the registry has it. */
  homeOf(feedId: FeedId): Promise<NodeId | null>;
  wait(ms: number): Promise<void>;
}

interface ClipRequest {
  clipId: ClipId;
  placed: PlacedFeed;
  preMs: number;
  postMs: number;
}

/** A clip that a node makes. It goes on while its grant is renewed; whoever holds it drops it. */
export interface RunningClip {
  readonly nodeId: NodeId;
  /** The moment that it is about, by the node's clock; milliseconds since 1970. */
  readonly atMs: number;
  /** To be called every few seconds while the feed may be recorded. @throws VartaError */
  renew(): Promise<void>;
  /** Ends it and has its files made, of what came before `untilMs` (ms since 1970; null: all). @throws VartaError */
  finish(untilMs: number | null): Promise<ClipFinished>;
  /** A file of it, by its place and size. @throws VartaError */
  read(file: number, bytes: number): Promise<Buffer>;
  drop(): Promise<void>;
}

/**
 * Gets clips of feeds from nodes: from the node where the feed is watched, which has the seconds before; and otherwise from
 * its home, or the node that would become that, from now on.
 */
export class ClipSource {
  readonly #ports: ClipSourcePorts;

  constructor(ports: ClipSourcePorts) {
    this.#ports = ports;
  }

  /** Begins a clip. @throws VartaError of the node, `no_sfu`. */
  async begin(request: ClipRequest): Promise<RunningClip> {
    const watched = await this.#beginWhereWatched(request);
    if (watched) return watched;
    let failure: unknown;
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      if (attempt > 0) await this.#ports.wait(RETRY_MS);
      try {
        const nodeId = await this.#nodeFor(request.placed);
        return this.#toRunning(request, nodeId, await this.#ask(request, nodeId, false));
      } catch (error) {
        failure = error;
        if (!(error instanceof VartaError && isPassing(error))) break;
      }
    }
    throw failure;
  }

  /** Asks every node at once; the one that holds most keeps it, the others forget it. */
  async #beginWhereWatched(request: ClipRequest): Promise<RunningClip | undefined> {
    const nodes = this.#ports.links.candidates().filter(({ reachable }) => reachable);
    const asked = await Promise.allSettled(
      nodes.map(async ({ record: { nodeId } }) => ({
        nodeId,
        begun: await this.#ask(request, nodeId, true),
      })),
    );
    const begun = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const [best, ...others] = begun.toSorted(
      (a, b) => (a.begun.heldFromMs ?? Infinity) - (b.begun.heldFromMs ?? Infinity),
    );
    for (const { nodeId } of others) void this.#drop(request, nodeId);
    return best && this.#toRunning(request, best.nodeId, best.begun);
  }

  async #nodeFor({ feed, area }: PlacedFeed): Promise<NodeId> {
    const home = await this.#ports.homeOf(feed.id);
    const isThere = this.#ports.links
      .candidates()
      .some(({ record, reachable }) => reachable && record.nodeId === home);
    return home !== null && isThere ? home : this.#ports.finder.find(area.regionId, new Set());
  }

  async #ask(request: ClipRequest, nodeId: NodeId, ifWatched: boolean): Promise<ClipBegun> {
    const { clipId, preMs, postMs } = request;
    const grant = await this.#sign(request, nodeId);
    return this.#ports.links.request(
      { nodeId, message: 'clip:begin' },
      { grant, clipId, preMs, postMs, ifWatched },
    );
  }

  #sign({ clipId, placed }: ClipRequest, nodeId: NodeId): Promise<string> {
    const granted = toGrantedFeed(placed);
    const feed = { ...granted, maxLayer: granted.layers.at(-1) ?? 'low' };
    return this.#ports.signer.signView(nodeId, clipViewerId(clipId), [feed]);
  }

  async #drop({ clipId }: ClipRequest, nodeId: NodeId): Promise<void> {
    // A node that is gone has forgotten it, and every node forgets what nobody fetches.
    await this.#ports.links.request({ nodeId, message: 'clip:drop' }, { clipId }).catch(() => undefined);
  }

  #toRunning(request: ClipRequest, nodeId: NodeId, { atMs }: ClipBegun): RunningClip {
    const { links } = this.#ports;
    const { clipId } = request;
    return {
      nodeId,
      atMs,
      renew: async () => {
        const grant = await this.#sign(request, nodeId);
        await links.request({ nodeId, message: 'clip:renew' }, { grant, clipId });
      },
      finish: async (untilMs) => {
        const grant = await this.#sign(request, nodeId);
        return links.request(
          { nodeId, message: 'clip:finish' },
          { grant, clipId, untilMs },
          { timeoutMs: FINISH_TIMEOUT_MS },
        );
      },
      read: async (file, bytes) => {
        const chunks: Uint8Array[] = [];
        for (let offset = 0; offset < bytes; offset += CLIP_CHUNK_BYTES) {
          const chunk = await links.request({ nodeId, message: 'clip:read' }, { clipId, file, offset });
          chunks.push(chunk.bytes);
        }
        const whole = Buffer.concat(chunks);
        if (whole.length !== bytes)
          throw new VartaError('unknown_resource', 'the node gave less than it said');
        return whole;
      },
      drop: () => this.#drop(request, nodeId),
    };
  }
}

function isPassing({ code }: VartaError): boolean {
  return code === 'feed_not_live' || code === 'no_sfu' || code === 'conflict';
}
