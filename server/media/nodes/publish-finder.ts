import type { FeedId, NodeId, RegionId } from '#contract/ids.ts';
import { FeedReport, SFU_KEYS } from '#contract/registry.ts';
import type { Redis } from '../../adapters/redis/connect.ts';
import type { SfuLinks } from '../links/sfu-links.ts';
import type { NodeFinder } from './node-finder.ts';

interface PublishFinderOptions {
  redis: Pick<Redis, 'hGet'>;
  links: Pick<SfuLinks, 'candidates'>;
  finder: Pick<NodeFinder, 'find'>;
}

/** Finds the node that an encoder publishes a feed to. */
export type FindPublishNode = (feedId: FeedId, region: RegionId) => Promise<NodeId>;

/**
 * The feed's home, so that two encoders of one feed meet, and otherwise the best node for a facility of the region. A home
 * that is to be left keeps what is published there, and gets nothing new.
 */
export function createPublishFinder({ redis, links, finder }: PublishFinderOptions): FindPublishNode {
  return async (feedId, region) => {
    const home = await redis.hGet(SFU_KEYS.homes, feedId);
    const candidate = links.candidates().find(({ record }) => record.nodeId === home);
    if (!home || !candidate?.reachable) return finder.find(region, new Set());
    if (!candidate.record.draining) return home;
    const report = await redis.hGet(SFU_KEYS.feeds(home), feedId);
    return isHeld(report) ? home : finder.find(region, new Set([home]));
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
