import { LOOKER } from '#contract/control.ts';
import { VartaError } from '#contract/errors.ts';
import type { Grant } from '#contract/grants.ts';
import { parseRtpCapabilities } from '../egress/rtp-capabilities.ts';
import type { Viewers } from '../egress/viewers.ts';
import type { Players } from '../egress/whep/players.ts';
import type { Clips } from '../evidence/clips.ts';
import type { VerifyGrant } from '../grants/verify-grant.ts';
import type { EdgeFeeds } from '../ingest/edge/edge-feeds.ts';
import type { Feeds } from '../ingest/feeds.ts';
import type { Pictures } from '../posters/pictures.ts';
import type { ControlHandlers } from './dispatch.ts';

export interface HandlerDeps {
  verify: VerifyGrant;
  viewers: Viewers;
  players: Players;
  feeds: Feeds;
  edge: Pick<EdgeFeeds, 'handleSending' | 'handleStop'>;
  clips: Clips;
  /** What looks at feeds; undefined on a node that looks at none. */
  pictures: Pick<Pictures, 'look' | 'unlook'> | undefined;
  /** @throws VartaError when this node may take on nothing new at the moment. */
  assertAcceptsNew(): void;
}

/**
 * What each control message does, for one connection. Checking a signature takes its time, so the checks of a connection
 * are done one after another: grants take effect in the order in which the server sent them.
 */
export function createControlHandlers({
  verify,
  viewers,
  players,
  feeds,
  edge,
  clips,
  pictures,
  assertAcceptsNew,
}: HandlerDeps): ControlHandlers {
  let checked: Promise<unknown> = Promise.resolve();
  const inOrder = <U extends Grant['use']>(token: string, use: U) => {
    const result = checked.then(() => verify(token, use));
    checked = result.catch(() => undefined);
    return result;
  };
  /** @throws VartaError also for a grant by which nobody may watch. */
  const forViewer = async (token: string) => {
    const grant = await inOrder(token, 'view');
    if (grant.sub === LOOKER) throw new VartaError('grant_not_covering', 'The grant is for looks only');
    return grant;
  };

  return {
    'viewer:join': async ({ grant, have, adoptOnly }) =>
      viewers.join(await forViewer(grant), have, { adoptOnly: adoptOnly === true }),
    'viewer:connect': async ({ viewerId, transportId, dtlsParameters }) => {
      await viewers.get(viewerId).connect(transportId, dtlsParameters);
      return {};
    },
    'viewer:watch': async ({ grant, rtpCapabilities, feeds: wanted }) => {
      const viewer = await viewers.withGrant(await forViewer(grant));
      return { feeds: await viewer.watch(wanted, parseRtpCapabilities(rtpCapabilities)) };
    },
    'viewer:resume': async ({ viewerId, consumerIds }) => {
      await viewers.get(viewerId).resume(consumerIds);
      return {};
    },
    'viewer:pause': async ({ viewerId, consumerIds }) => {
      await viewers.get(viewerId).pause(consumerIds);
      return {};
    },
    'viewer:layers': async ({ viewerId, items }) => {
      await viewers.get(viewerId).setLayers(items);
      return {};
    },
    'viewer:unwatch': async ({ viewerId, consumerIds }) => {
      await viewers.get(viewerId).unwatch(consumerIds);
      return {};
    },
    'viewer:renew': async ({ grant }) => {
      await viewers.withGrant(await forViewer(grant));
      return {};
    },
    'viewer:leave': async ({ viewerId }) => {
      // Not before grants that came earlier have had their turn: a join that is still being checked ends with this.
      await checked;
      await viewers.leave(viewerId);
      return {};
    },
    'whip:publish': async ({ grant, sdpOffer, whenBusy }) => {
      const { feed } = await inOrder(grant, 'publish');
      assertAcceptsNew();
      return feeds.publications.publish(feed, { sdpOffer, whenBusy });
    },
    'whip:patch': async ({ grant, ...patch }) => {
      const { feed } = await inOrder(grant, 'publish');
      return feeds.publications.patch(feed, patch);
    },
    'whip:stop': async ({ grant, resourceId }) => {
      const { feed } = await inOrder(grant, 'publish');
      await feeds.publications.end(feed, resourceId);
      return {};
    },
    'edge:sending': async ({ grant, sending }) => {
      const { feed } = await inOrder(grant, 'publish');
      if (sending && sending.feedId !== feed.id)
        throw new VartaError('grant_not_covering', 'The grant is for another feed');
      await edge.handleSending(feed, sending);
      return {};
    },
    'edge:stop': async ({ grant }) => {
      const { feed } = await inOrder(grant, 'publish');
      edge.handleStop(feed.id);
      return {};
    },
    'feed:look': async ({ grant, againInMs }) => {
      const { sub, feeds: named, exp } = await inOrder(grant, 'view');
      if (sub !== LOOKER) throw new VartaError('grant_not_covering', 'The grant is for a viewer');
      for (const { id } of named) {
        const feed = feeds.find(id);
        if (feed) pictures?.look(feed, { untilMs: exp * 1_000, againInMs });
      }
      return {};
    },
    'feed:unlook': async ({ feedIds }) => {
      // Not before looks that were asked for earlier: one whose grant is still being checked ends with this.
      await checked;
      for (const feedId of feedIds) {
        const feed = feeds.find(feedId);
        if (feed) pictures?.unlook(feed);
      }
      return {};
    },
    'whep:play': async ({ grant, sdpOffer, layer }) =>
      players.play({ grant: await forViewer(grant), sdpOffer, layer }),
    'whep:patch': (patch) => players.patch(patch),
    'clip:begin': async ({ grant, ...asked }) => clips.begin(await inOrder(grant, 'view'), asked),
    'clip:renew': async ({ grant, clipId }) => {
      clips.renew(await inOrder(grant, 'view'), clipId);
      return {};
    },
    'clip:finish': async ({ grant, clipId, untilMs }) =>
      clips.finish(await inOrder(grant, 'view'), clipId, untilMs ?? Infinity),
    'clip:read': ({ clipId, file, offset }) => clips.read(clipId, file, offset),
    'clip:drop': async ({ clipId }) => {
      clips.drop(clipId);
      return {};
    },
  };
}
