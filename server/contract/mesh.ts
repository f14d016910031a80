import { z } from 'zod';
import { ErrorCode } from './errors.ts';
import { GrantToken } from './grants.ts';
import { FeedId, MediaObjectId, NodeId } from './ids.ts';
import { Importance } from './importance.ts';
import { Done, RtpParameters } from './media.ts';
import { Layer } from './nation.ts';

/**
 * sfu node → sfu node, over socket.io namespace `/mesh` of the control port: a node with viewers asks a feed's home for
 * the feed. Every message is acknowledged ({@link ackOf} of the reply). Handshake `auth`: {@link MeshHandshake}.
 *
 * Nodes share no secret. What lets one ask is a grant that a server signed for one of its viewers, forwarded: the home
 * checks its signature and life, that it names the feed, and that its `aud` is a node that is registered. Media go to
 * that node's registered address and nowhere else. When the connection ends, so does all that was asked for on it.
 */
export const MeshHandshake = z.strictObject({
  protocol: z.int(),
  /** Who asks: the `aud` of the grant. */
  nodeId: NodeId,
  /** Who is asked. A node that has taken the address of another one refuses with `conflict`. */
  to: NodeId,
  grant: GrantToken,
});
export type MeshHandshake = z.infer<typeof MeshHandshake>;

/** Most grants that a home keeps of one connection; the oldest is forgotten first. */
export const MAX_PROOFS = 256;

/** One end of a pipe: where it sends from and listens, and the key that it encrypts with (SDES, RFC 4568). */
export const PipeEnd = z.strictObject({
  ip: z.string().min(2).max(64),
  port: z.int().min(1).max(65_535),
  srtpParameters: z.strictObject({
    cryptoSuite: z.enum([
      'AEAD_AES_256_GCM',
      'AEAD_AES_128_GCM',
      'AES_CM_128_HMAC_SHA1_80',
      'AES_CM_128_HMAC_SHA1_32',
    ]),
    keyBase64: z.base64().max(100),
  }),
});
export type PipeEnd = z.infer<typeof PipeEnd>;

/** Shows a grant, once; {@link RelayOpen} names it by its `jti` for as long as it lives. */
export const RelayProve = z.strictObject({ grant: GrantToken });

/**
 * Asks for a feed, and for these layers of it at first. The asker names the relay, so that it can close one that it has
 * no answer about. `lane` names the place (a worker) of the asking node that it is
 * to come to: all feeds that go from one worker of the home to one lane share a pipe. Refused with `conflict` by a node
 * that is not the feed's home, `grant_invalid` when the proof is not known.
 */
export const RelayOpen = z.strictObject({
  relayId: z.uuid(),
  feedId: FeedId,
  proof: z.uuid(),
  lane: z.string().min(1).max(40),
  layers: z.array(Layer).max(2),
});
/** A pipe that the asker does not know yet is to be completed with {@link RelayConnect}; until then nothing comes. */
export const RelayOpened = z.object({
  kind: z.literal('video'),
  rtpParameters: RtpParameters,
  /** One per encoding, lowest first. */
  layers: z.array(Layer).min(1).max(2),
  pipe: z.object({ pipeId: MediaObjectId, end: PipeEnd }),
  /** Its facility's edge holds it back for now ({@link RelayHeld}). @default false */
  isHeld: z.boolean().optional(),
});
export type RelayOpened = z.infer<typeof RelayOpened>;

/** The asker's end of a pipe. Once; refused with `forbidden` when it is not at the asker's registered address. */
export const RelayConnect = z.strictObject({ pipeId: MediaObjectId, end: PipeEnd });

/** Layers that the asker's viewers need from now on; none: nothing is to come until there are some again. */
export const RelayLayers = z.strictObject({
  relayId: z.uuid(),
  layers: z.array(Layer).max(2),
  /** Of the viewer there to whom it matters most. */
  importance: Importance.optional(),
});

/**
 * The asker gets nothing of this feed, and asks whether that is the home's fault. The home answers within a second, also
 * when its own worker does not.
 */
export const RelayLook = z.strictObject({ relayId: z.uuid() });
export const RelayLooked = z.object({
  /** RTP packets that the home has got of the feed so far; null when its worker does not say. */
  packets: z.int().min(0).nullable(),
  /** Somebody else gets the feed from there, and has not complained just now. */
  isServing: z.boolean(),
});
export type RelayLooked = z.infer<typeof RelayLooked>;

/** The asker needs the feed no more, or has waited long enough for it; one that is not there is no error. */
export const RelayClose = z.strictObject({ relayId: z.uuid() });

export const MESH_MESSAGES = {
  /** Asks for a sign of life. */
  'mesh:ping': { request: z.strictObject({}), reply: Done },
  'relay:prove': { request: RelayProve, reply: Done },
  'relay:open': { request: RelayOpen, reply: RelayOpened },
  'relay:connect': { request: RelayConnect, reply: Done },
  'relay:layers': { request: RelayLayers, reply: Done },
  'relay:look': { request: RelayLook, reply: RelayLooked },
  'relay:close': { request: RelayClose, reply: Done },
} as const;
export type MeshMessage = keyof typeof MESH_MESSAGES;

/** Home → asker: the feed's source is gone here, or the home gives it up. Ask anew. */
export const RelayEnded = z.object({ relayId: z.uuid(), code: ErrorCode });
/**
 * Home → asker: the feed's edge has begun to hold it back because its uplink has no room for it, or does so no more. Until
 * then nothing comes, and nothing is wrong.
 */
export const RelayHeld = z.object({ relayId: z.uuid(), isHeld: z.boolean() });
/** Home → asker: its end of a pipe is closed, because nothing goes through it any more. */
export const PipeClosed = z.object({ pipeId: MediaObjectId });

export const MESH_EVENTS = {
  'relay:ended': RelayEnded,
  'relay:held': RelayHeld,
  'pipe:closed': PipeClosed,
} as const;
export type MeshEvent = keyof typeof MESH_EVENTS;
