import type { NodeId } from '#contract/ids.ts';
import { NODE_LEASE_MS, type NodeRecord } from '#contract/registry.ts';

/** The nodes that live, as far as the store tells. */
export interface NodeDirectory {
  readonly nodes: ReadonlyMap<NodeId, NodeRecord>;
  /** Since when the store has answered without a break; undefined while it does not. */
  readonly storeSinceMs: number | undefined;
}

export const EMPTY_DIRECTORY: NodeDirectory = { nodes: new Map(), storeSinceMs: undefined };

/**
 * Every record that the store holds now. A node without a record is gone, but only once the store has been there for a
 * whole lease: records expire while the store is away, and nodes need a moment to renew them.
 */
export function applyScan(
  directory: NodeDirectory,
  records: readonly NodeRecord[],
  nowMs: number,
): NodeDirectory {
  const storeSinceMs = directory.storeSinceMs ?? nowMs;
  const nodes = new Map<NodeId, NodeRecord>();
  if (nowMs - storeSinceMs < NODE_LEASE_MS)
    for (const [nodeId, record] of directory.nodes) nodes.set(nodeId, record);
  for (const record of records) {
    if (record.gone) nodes.delete(record.nodeId);
    else nodes.set(record.nodeId, record);
  }
  return { nodes, storeSinceMs };
}

/** One record, as a node announced it. */
export function applyNews(directory: NodeDirectory, record: NodeRecord): NodeDirectory {
  const known = directory.nodes.get(record.nodeId);
  // An older process of the same name says goodbye after its successor came.
  if (known && Date.parse(known.startedAt) > Date.parse(record.startedAt)) return directory;
  const nodes = new Map(directory.nodes);
  if (record.gone) nodes.delete(record.nodeId);
  else nodes.set(record.nodeId, record);
  return { ...directory, nodes };
}

/** The store does not answer: what is known stays true until it is back. */
export function applyStoreLost(directory: NodeDirectory): NodeDirectory {
  return { ...directory, storeSinceMs: undefined };
}
