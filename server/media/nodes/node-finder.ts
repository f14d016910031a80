import { VartaError } from '#contract/errors.ts';
import type { NodeId, RegionId } from '#contract/ids.ts';
import type { NodeRecord } from '#contract/registry.ts';
import type { SfuLinks } from '../links/sfu-links.ts';
import type { Now } from '../ports.ts';
import { chooseNode, isUsable, type NodeCandidate } from './choose-node.ts';
import type { RegionDistance } from './region-distance.ts';

/**
 * How long a request waits for a node: a server that has just started needs this to reach the nodes, and a page that
 * lost its node is served as soon as the next one is there, instead of at its next attempt.
 */
export const NODE_PATIENCE_MS = 1_500;

/** A node that was silent is left alone for longer than that says anything of who else may be: it may be well again. */
const DOUBT_MS = 8_000;

type Links = Pick<SfuLinks, 'candidates' | 'noteAssignment' | 'isOpen'>;

interface NodeFinderOptions {
  links: Links;
  distance: RegionDistance;
  /** This replica's pages say that nothing comes from a node; it is left alone for this long (ms). @default nobody is told */
  onAside?(nodeId: NodeId, forMs: number): void;
  now: Now;
}

/** Finds the node for something new, waiting a moment for one if need be. */
export class NodeFinder {
  readonly #options: NodeFinderOptions;
  readonly #waiting = new Set<() => void>();
  /** Nodes that are silent for most of their pages, and until when (ms) they are left alone. */
  readonly #aside = new Map<NodeId, number>();
  /** When (ms) that was found last. */
  readonly #silentAt = new Map<NodeId, number>();

  constructor(options: NodeFinderOptions) {
    this.#options = options;
  }

  /** A connection to a node opened. */
  handleNodeOpen(): void {
    for (const check of this.#waiting) check();
  }

  /**
   * The best node for a viewer or a facility of this region (national if there is none).
   *
   * @throws VartaError `no_sfu` when there is none in time
   */
  async find(region: RegionId | undefined, exclude: ReadonlySet<NodeId>): Promise<NodeId> {
    const { links, distance } = this.#options;
    const choose = () => chooseNode(this.#candidates(), { region, exclude, distance })?.nodeId;
    await this.#until(() => choose() !== undefined);
    const nodeId = choose();
    if (nodeId === undefined) throw new VartaError('no_sfu');
    links.noteAssignment(nodeId);
    return nodeId;
  }

  /** Waits for this very node, where a viewer's media still flow. False when it cannot be reached in time. */
  async isReachable(nodeId: NodeId): Promise<boolean> {
    await this.#until(() => this.#options.links.isOpen(nodeId));
    return this.#options.links.isOpen(nodeId);
  }

  /** Nothing new goes to a node for a while, as long as there is another. */
  setAside(nodeId: NodeId, forMs: number): void {
    this.#aside.set(nodeId, this.#options.now() + forMs);
    this.#silentAt.set(nodeId, this.#options.now());
    this.#options.onAside?.(nodeId, forMs);
  }

  /** Whether nothing has come from it just now, as its pages or it itself say; nor from one that is not there. */
  isInDoubt(nodeId: NodeId): boolean {
    const { links, now } = this.#options;
    const record = links.candidates().find((it) => it.record.nodeId === nodeId)?.record;
    if (!record || record.deaf) return true;
    return now() - (this.#silentAt.get(nodeId) ?? -Infinity) < DOUBT_MS;
  }

  /** Whether its viewers had better be elsewhere: it drains, hears nothing or is set aside, and there is another node that does not. */
  isToBeLeft(nodeId: NodeId): boolean {
    const candidates = this.#candidates();
    const node = candidates.find(({ record }) => record.nodeId === nodeId);
    if (!node?.record.draining && !node?.aside) return false;
    return candidates.some((other) => other.record.nodeId !== nodeId && isUsable(other) && !other.aside);
  }

  /** Whether a node may be chosen. */
  isUsable(nodeId: NodeId): boolean {
    return this.#options.links
      .candidates()
      .some((candidate) => candidate.record.nodeId === nodeId && isUsable(candidate));
  }

  /** Whether anything new could be placed now, leaving some nodes aside. */
  hasUsable(except: ReadonlySet<NodeId>): boolean {
    return this.#options.links
      .candidates()
      .some((candidate) => !except.has(candidate.record.nodeId) && isUsable(candidate));
  }

  #candidates(): NodeCandidate[] {
    return this.#options.links
      .candidates()
      .map((candidate) => ({ ...candidate, aside: this.#isAside(candidate.record) }));
  }

  #isAside({ nodeId, deaf }: NodeRecord): boolean {
    if (deaf) return true;
    const untilMs = this.#aside.get(nodeId);
    if (untilMs === undefined || this.#options.now() < untilMs) return untilMs !== undefined;
    this.#aside.delete(nodeId);
    return false;
  }

  #until(isTrue: () => boolean): Promise<void> {
    if (isTrue()) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve();
      };
      const check = () => isTrue() && finish();
      const timer = setTimeout(finish, NODE_PATIENCE_MS);
      this.#waiting.add(check);
    });
  }
}
