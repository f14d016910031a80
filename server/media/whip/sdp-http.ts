import type { Response } from 'express';
import { z } from 'zod';
import type { IcePatched } from '#contract/control.ts';
import { type AnyRoute, defineRoute } from '../../adapters/http/route.ts';

/** What WHIP and WHEP have in common over HTTP: an offer in, ICE fragments in and out, and what a URL takes. */
export const SDP = 'application/sdp';
export const SDP_FRAGMENT = 'application/trickle-ice-sdpfrag';
/** The contract's bound of an offer. */
const MAX_SDP_BYTES = 64_000;

const Text = z.string().min(1).max(MAX_SDP_BYTES);

/** Of a route that takes an offer and creates what its answer is of. */
export const OFFER_ROUTE = {
  method: 'post',
  body: Text,
  bodyType: { contentType: SDP, maxBytes: MAX_SDP_BYTES },
  reply: z.string(),
  replyStatus: 201,
  replyContentType: SDP,
} as const;

/** Of a route that takes an ICE fragment. */
export const FRAGMENT_ROUTE = {
  method: 'patch',
  summary: 'Add ICE candidates (204), or restart ICE (200 with our end); `If-Match` names the ICE session',
  body: Text,
  bodyType: { contentType: SDP_FRAGMENT, maxBytes: MAX_SDP_BYTES },
  reply: z.string(),
  replyContentType: SDP_FRAGMENT,
} as const;

/** Says where what an offer created is, and what may be done there. */
export function locate(response: Response, { url, iceTag, links }: Created): void {
  response.location(url).set({ ETag: toEntityTag(iceTag), 'Accept-Patch': SDP_FRAGMENT });
  for (const link of links) response.append('Link', link);
}

interface Created {
  url: string;
  iceTag: string;
  /** Values of `Link`. */
  links: readonly string[];
}

/** The reply to a fragment: our end of a new generation, or nothing, as candidates alone change nothing that a tag names. */
export function answerFragment(response: Response, { iceTag, fragment }: IcePatched): string | undefined {
  if (fragment === null) return undefined;
  response.set('ETag', toEntityTag(iceTag));
  return fragment;
}

/** Routes that answer `OPTIONS` for where offers are taken, and for what they create. Browsers ask without a key. */
export function describeUrls(
  offers: { path: string; params: z.ZodType },
  created: { path: string; params: z.ZodType },
): AnyRoute[] {
  return [
    describeUrl(offers, { Allow: 'POST, OPTIONS', 'Accept-Post': SDP }),
    describeUrl(created, { Allow: 'PATCH, DELETE, OPTIONS', 'Accept-Patch': SDP_FRAGMENT }),
  ];
}

function describeUrl(
  url: { path: string; params: z.ZodType },
  headers: { Allow: string } & Record<string, string>,
): AnyRoute {
  return defineRoute({
    ...url,
    method: 'options',
    action: 'service.probe',
    authentication: 'none',
    openToAnyOrigin: true,
    summary: 'What this URL takes',
    // A browser asks about the whole URL; what is wrong with the rest, it is told when it does what it asked about.
    query: z.looseObject({}),
    replyStatus: 204,
    handle: ({ response }: { response: Response }) => {
      response.set({ ...headers, 'Access-Control-Allow-Methods': headers.Allow });
      response.status(204).end();
      return undefined;
    },
  });
}

function toEntityTag(iceTag: string): string {
  return `"${iceTag}"`;
}
