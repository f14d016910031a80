import type { FeedId, NodeId, RegionId } from '#contract/ids.ts';
import { FeedReport } from '#contract/registry.ts';
import type { NodeCandidate } from './choose-node.ts';

interface PublishFinderPorts {
  /** The feed's home, as the registry has it. */
  homeOf(feedId: FeedId): Promise<NodeId | null>;
  /** What a node says of a feed, as the registry has it ({@link FeedReport} as JSON). */
  reportOf(nodeId: NodeId, feedId: FeedId): Promise<string | null>;
  candidates(): NodeCandidate[];
  /** The best node for something new of this region. */
  find(region: RegionId, exclude: ReadonlySet<NodeId>): Promise<NodeId>;
}

/** Finds the node that an encoder publishes a feed to. */
export type FindPublishNode = (feedId: FeedId, region: RegionId) => Promise<NodeId>;

/**
 * The feed's home, so that two encoders of one feed meet, and otherwise the best node for a facility of the region. A home
 * that drains or hears nothing keeps what comes there, and gets nothing new.
 */
export function createPublishFinder(ports: PublishFinderPorts): FindPublishNode {
  return async (feedId, region) => {
    const home = await ports.homeOf(feedId);
    const candidate = ports.candidates().find(({ record }) => record.nodeId === home);
    if (!home || !candidate?.reachable) return ports.find(region, new Set());
    const { draining, deaf } = candidate.record;
    if (!draining && !deaf) return home;
    const isThere = isHeld(await ports.reportOf(home, feedId));
    if (isThere) return home;
    // A deaf one is chosen where there is no other.
    return ports.find(region, draining ? new Set([home]) : new Set());
  };
}

/** Whether something of it comes, or is expected any moment. */
function isHeld(json: string | null): boolean {
  try {
    return json !== null && FeedReport.parse(JSON.parse(json)).state !== 'lost';
  } catch {
    return false;
  }
}
