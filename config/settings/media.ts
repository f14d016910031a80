import { z } from 'zod';
import { IceServer } from '#contract/media.ts';
import { JsonText } from './values.ts';

/** A JSON array of ICE servers, such as `[{"urls":["stun:stun.example:3478"]}]`. */
const IceServers = JsonText.transform((text): unknown => JSON.parse(text)).pipe(z.array(IceServer).max(8));

/** Addresses of TURN servers, divided by commas or spaces. */
const TurnUrls = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter((url) => url !== ''))
  .pipe(
    z
      .array(
        z
          .string()
          .regex(/^turns?:[^\s?]+(?:\?transport=(?:udp|tcp))?$/, 'must be turn:host:port?transport=udp'),
      )
      .min(1)
      .max(8),
  );

/** The server's settings for encoders and for the way of media through networks. */
export const mediaSettings = {
  WHIP_WHEN_BUSY: z
    .enum(['refuse', 'replace'])
    .default('refuse')
    .describe(
      'What happens when an encoder publishes a feed that another one publishes already: the newcomer is refused (409), or replaces it.',
    ),
  FEED_LOOK_S: z.coerce
    .number()
    .int()
    .min(0)
    .max(3_600)
    .default(60)
    .describe(
      'How often what an encoder publishes is looked at while nobody watches it, so that a frozen, black or covered camera is found, in seconds. 0: never. Nodes that take no stills (`SFU_STILLS_EVERY_MS=0`, or no ffmpeg) do not look either.',
    ),
  ICE_SERVERS: IceServers.optional().describe(
    'STUN and TURN servers that pages, encoders and players are told of, as a JSON array of `{urls, username, credential}`. Default: none.',
  ),
  TURN_URLS: TurnUrls.optional().describe(
    'TURN servers that share TURN_SECRET, such as turn:turn.example:3478?transport=udp,turns:turn.example:443?transport=tcp. Default: none.',
  ),
  TURN_SECRET: z
    .string()
    .min(16)
    .optional()
    .describe(
      'coturn’s static-auth-secret; needed with TURN_URLS. Credentials for each person and key are made of it.',
    ),
  TURN_TTL_S: z.coerce
    .number()
    .int()
    .min(60)
    .max(86_400)
    .default(43_200)
    .describe(
      'How long TURN credentials can be used, in seconds. Default: a shift, which no session outlives.',
    ),
};
