import type { ControlMessage } from '#contract/control.ts';
import { VartaError } from '#contract/errors.ts';
import type { NodeId } from '#contract/ids.ts';
import type { NodeRecord } from '#contract/registry.ts';
import type { NodeCandidate } from '../nodes/choose-node.ts';
import type { Log, Now } from '../ports.ts';
import {
  ControlLink,
  type ControlReply,
  type ControlRequest,
  type NodeEvent,
  type RequestOptions,
} from './control-link.ts';

interface SfuLinksOptions {
  signControl(nodeId: NodeId): Promise<string>;
  log: Log;
  now: Now;
  onEvent(event: NodeEvent): void;
  onStateChange(nodeId: NodeId, isOpen: boolean): void;
  /** The node is not there any more. */
  onGone(nodeId: NodeId): void;
}

interface Linked {
  link: ControlLink;
  record: NodeRecord;
  assigned: number;
}

/** One control connection for each living node. */
export class SfuLinks implements Disposable {
  readonly #options: SfuLinksOptions;
  readonly #linked = new Map<NodeId, Linked>();

  constructor(options: SfuLinksOptions) {
    this.#options = options;
  }

  /** Opens and closes connections so that there is one for each of these nodes. */
  follow(nodes: ReadonlyMap<NodeId, NodeRecord>): void {
    for (const [nodeId, { link }] of this.#linked) {
      if (nodes.has(nodeId)) continue;
      this.#linked.delete(nodeId);
      link[Symbol.dispose]();
      this.#options.onGone(nodeId);
    }
    for (const record of nodes.values()) {
      const known = this.#linked.get(record.nodeId);
      if (known && known.record.controlUrl === record.controlUrl) {
        if (known.record.at !== record.at) known.assigned = 0;
        known.record = record;
      } else {
        known?.link[Symbol.dispose]();
        this.#linked.set(record.nodeId, { link: this.#open(record), record, assigned: 0 });
      }
    }
  }

  /** Every living node, as {@link chooseNode} takes them. */
  candidates(): NodeCandidate[] {
    return [...this.#linked.values()].map(({ link, record, assigned }) => ({
      record,
      reachable: link.isOpen,
      assigned,
    }));
  }

  /** Notes that something was sent to a node, before the node itself counts it. */
  noteAssignment(nodeId: NodeId): void {
    const linked = this.#linked.get(nodeId);
    if (linked) linked.assigned += 1;
  }

  /** Whether the node lives, as far as the registry tells. */
  has(nodeId: NodeId): boolean {
    return this.#linked.has(nodeId);
  }

  isOpen(nodeId: NodeId): boolean {
    return this.#linked.get(nodeId)?.link.isOpen ?? false;
  }

  /** Nodes whose connection is down, with the instant since when (ms) and the reason. */
  down(): { nodeId: NodeId; sinceMs: number; problem: string }[] {
    return [...this.#linked].flatMap(([nodeId, { link }]) => (link.down ? [{ nodeId, ...link.down }] : []));
  }

  /** Asks a node; see {@link ControlLink.request} for what it throws, and `no_sfu` for a node that is not there. */
  async request<M extends ControlMessage>(
    target: { nodeId: NodeId; message: M },
    payload: ControlRequest<M>,
    options?: RequestOptions,
  ): Promise<ControlReply<M>> {
    const linked = this.#linked.get(target.nodeId);
    if (!linked) throw new VartaError('no_sfu', `node ${target.nodeId} is gone`);
    return linked.link.request(target.message, payload, options);
  }

  [Symbol.dispose](): void {
    for (const { link } of this.#linked.values()) link[Symbol.dispose]();
    this.#linked.clear();
  }

  #open(record: NodeRecord): ControlLink {
    const { signControl, log, now, onEvent, onStateChange } = this.#options;
    return new ControlLink({
      nodeId: record.nodeId,
      controlUrl: record.controlUrl,
      signControl,
      log,
      now,
      onEvent,
      onStateChange,
    });
  }
}
