import type { Request } from 'express';
import { z } from 'zod';
import { VartaError } from '#contract/errors.ts';
import { FeedId, Instant, ViewerId } from '#contract/ids.ts';
import { Layer } from '#contract/nation.ts';
import type { Person } from '../../access/account.ts';
import type { Principal } from '../../access/decide.ts';
import { bearerOf } from '../../adapters/http/bearer.ts';
import { type AnyRoute, defineRoute } from '../../adapters/http/route.ts';
import type { AuditLog } from '../../audit/audit.ts';
import { areaResource, type Registry } from '../../nation/registry.ts';
import type { IceServersFor } from '../ice/ice-servers.ts';
import type { FeedAccess } from '../viewers/feed-access.ts';
import { toIceLinks } from '../whip/ice-links.ts';
import { parseIfMatch } from '../whip/if-match.ts';
import { answerFragment, describeUrls, FRAGMENT_ROUTE, locate, OFFER_ROUTE } from '../whip/sdp-http.ts';
import type { Player } from './player-store.ts';
import type { Players } from './players.ts';
import type { ViewerTokens } from './viewer-token.ts';

/** A player that finds no picture may ask again after this many seconds. */
const RETRY_AFTER_S = 2;

interface WhepPorts {
  players: Pick<Players, 'play' | 'patch' | 'stop' | 'find'>;
  tokens: ViewerTokens;
  registry: Pick<Registry, 'feed'>;
  audit: Pick<AuditLog, 'auditRefusal'>;
  /** Asks the policy, as of now. */
  ask(principal: Principal, feedId: FeedId): FeedAccess;
  iceServersFor: IceServersFor;
}

const FeedParams = z.object({ feedId: FeedId });
const PlayerParams = z.object({ feedId: FeedId, player: ViewerId });
const PlayQuery = z.strictObject({
  layer: Layer.optional().meta({
    description: 'The highest layer that is sent. Default: the highest there is.',
  }),
});
const TokenReply = z.object({ token: z.string(), expiresAt: Instant });

/** What all routes of players have in common. They may be pages of any origin. */
const whep = { action: 'feed.watch', authentication: 'viewer-token', openToAnyOrigin: true } as const;

/** WHEP (draft-ietf-wish-whep): a standard player plays one feed, with a token that a signed-in person was given. */
export function createWhepRoutes(ports: WhepPorts): AnyRoute[] {
  const { players, tokens } = ports;

  const giveToken = defineRoute({
    method: 'post',
    path: '/api/v1/feeds/:feedId/viewer-token',
    action: 'feed.watch',
    authentication: 'session',
    summary: 'A token with which a standard player can play this feed (WHEP); to be used within a minute',
    params: FeedParams,
    reply: TokenReply,
    handle: async ({ principal, params: { feedId }, request }) => {
      admit(ports, principal, feedId);
      const sessionId = request.session.handle;
      if (sessionId === undefined) throw new VartaError('unauthenticated');
      return tokens.issue({ sessionId, feedId });
    },
  });

  const play = defineRoute({
    ...whep,
    ...OFFER_ROUTE,
    path: '/whep/:feedId',
    summary: 'Play a feed: an SDP offer in, the answer out',
    params: FeedParams,
    query: PlayQuery,
    handle: async ({ principal, params: { feedId }, query: { layer }, body, request, response }) => {
      const { sessionId } = await readToken(tokens, request, feedId);
      const person = admit(ports, principal, feedId);
      const playing = await players
        .play({ sessionId, person, feedId, sdpOffer: body, layer })
        .catch((error: unknown) => {
          if (error instanceof VartaError && error.code === 'feed_not_live')
            response.set('Retry-After', String(RETRY_AFTER_S));
          throw error;
        });
      locate(response, {
        url: `/whep/${feedId}/${playing.viewerId}`,
        iceTag: playing.iceTag,
        links: toIceLinks(ports.iceServersFor(playing.viewerId)),
      });
      return playing.sdpAnswer;
    },
  });

  /** The player of a URL, if the token is of the session that started it. */
  const find = async (request: Request, feedId: FeedId, viewerId: ViewerId): Promise<Player> => {
    const { sessionId } = await readToken(tokens, request, feedId, { started: true });
    const player = await players.find(viewerId);
    if (player.sessionId !== sessionId || player.feedId !== feedId) throw new VartaError('unknown_resource');
    return player;
  };

  const patch = defineRoute({
    ...whep,
    ...FRAGMENT_ROUTE,
    path: '/whep/:feedId/:player',
    params: PlayerParams,
    handle: async ({ params, body, request, response }) => {
      const player = await find(request, params.feedId, params.player);
      const tag = parseIfMatch(request.get('If-Match'));
      const patched = await players.patch(player, { iceTag: tag, fragment: body });
      return answerFragment(response, patched);
    },
  });

  const stop = defineRoute({
    ...whep,
    method: 'delete',
    path: '/whep/:feedId/:player',
    summary: 'End a player',
    params: PlayerParams,
    replyStatus: 200,
    handle: async ({ params, request, response }) => {
      await players.stop(await find(request, params.feedId, params.player));
      response.status(200).end();
      return undefined;
    },
  });

  return [
    giveToken,
    play,
    patch,
    stop,
    ...describeUrls(
      { path: '/whep/:feedId', params: FeedParams },
      { path: '/whep/:feedId/:player', params: PlayerParams },
    ),
  ];
}

/** @throws VartaError the policy's refusal, which goes into the audit. */
function admit({ ask, audit, registry }: WhepPorts, principal: Principal, feedId: FeedId): Person {
  const access = ask(principal, feedId);
  if (access.allow && principal.kind === 'person') return principal;
  const code = access.allow ? 'forbidden' : access.code;
  const placed = registry.feed(feedId);
  if (placed)
    audit.auditRefusal({ principal, action: 'feed.watch', resource: areaResource(placed.area), code });
  throw new VartaError(code, access.allow ? undefined : access.reason);
}

/** The token of a request, for this feed. */
async function readToken(
  tokens: ViewerTokens,
  request: Request,
  feedId: FeedId,
  options?: { started: boolean },
): Promise<{ sessionId: string }> {
  const token = await tokens.read(bearerOf(request) ?? '', options);
  if (token.feedId !== feedId)
    throw new VartaError('bad_viewer_token', 'The viewer token is for another feed');
  return token;
}
