import { VartaError } from '#contract/errors.ts';
import type { FeedSending } from '#contract/facility-link.ts';
import type { FeedId, NodeId } from '#contract/ids.ts';
import type { Registry } from '../../nation/registry.ts';
import type { GrantSigner } from '../grants/grant-signer.ts';
import type { SfuLinks } from '../links/sfu-links.ts';
import { toGrantedFeed } from '../viewers/feed-access.ts';

/**
 * Tells a node how equipment sends a feed by SRTP; null that it does so at all, which the node did not know.
 *
 * @throws VartaError the node's refusal, or why it cannot be asked
 */
export type RelaySending = (
  to: { nodeId: NodeId; feedId: FeedId },
  sending: FeedSending | null,
) => Promise<void>;

interface NodePorts {
  registry: Pick<Registry, 'feed'>;
  links: Pick<SfuLinks, 'request'>;
  signer: Pick<GrantSigner, 'signPublish'>;
}

/**
 * Tells a node that what sends a feed may send no more: it takes nothing more of it, and asks anew whoever may.
 *
 * @throws VartaError the node's refusal, or why it cannot be asked
 */
export type StopEquipment = (to: { nodeId: NodeId; feedId: FeedId }) => Promise<void>;

export function createEquipmentStop(ports: NodePorts): StopEquipment {
  return async ({ nodeId, feedId }) => {
    const placed = ports.registry.feed(feedId);
    if (!placed) return;
    const grant = await ports.signer.signPublish(nodeId, toGrantedFeed(placed));
    await ports.links.request({ nodeId, message: 'edge:stop' }, { grant });
  };
}

export function createSendingRelay(ports: NodePorts): RelaySending {
  return async ({ nodeId, feedId }, sending) => {
    const placed = ports.registry.feed(feedId);
    if (!placed) throw new VartaError('unknown_feed');
    const grant = await ports.signer.signPublish(nodeId, toGrantedFeed(placed));
    await ports.links.request({ nodeId, message: 'edge:sending' }, { grant, sending });
  };
}
