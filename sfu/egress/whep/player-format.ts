import type { RtcpFeedback, RtpCodecParameters } from 'mediasoup/types';
import { VartaError } from '#contract/errors.ts';
import type { OfferedCodec } from '../../ingest/whip/offered-codecs.ts';

/** The format of an offer in which a feed is sent to a player. */
export interface PlayerFormat {
  payloadType: number;
  feedback: RtcpFeedback[];
  /** As the answer says it (`a=fmtp`). */
  parameters: Record<string, string | number>;
}

/** RTCP feedback that a sender of video answers. Without a retransmission format, lost packets are sent again as they were. */
const FEEDBACK = new Set(['nack', 'nack pli', 'ccm fir']);

type Profile = 'constrained-baseline' | 'baseline' | 'main' | 'high';

/**
 * Decoders that can play each H.264 profile, the closest first. Constrained baseline is part of every other one. What is
 * called baseline hardly ever is more than constrained baseline: no encoder for the web uses what is left out there.
 */
const PLAYED_BY: Readonly<Record<Profile, readonly Profile[]>> = {
  'constrained-baseline': ['constrained-baseline', 'baseline', 'main', 'high'],
  baseline: ['baseline', 'constrained-baseline'],
  main: ['main', 'high'],
  high: ['high'],
};

/**
 * Chooses in which of the offered formats a feed is sent. The number of the format is the player's: who answers an offer
 * sends with the payload types of the offer (RFC 3264, 5.1).
 *
 * @throws VartaError `codec_unsupported` with what the feed is.
 */
export function chooseFormat(codecs: readonly OfferedCodec[], feed: RtpCodecParameters): PlayerFormat {
  const usable = codecs.filter((codec) => isSameCodec(codec, feed));
  const chosen = isH264(feed) ? closestProfile(usable, feed) : usable[0];
  if (!chosen) throw new VartaError('codec_unsupported', explain(feed));
  return {
    payloadType: chosen.payloadType,
    feedback: chosen.feedback.filter(({ type, parameter }) =>
      FEEDBACK.has(parameter === undefined ? type : `${type} ${parameter}`),
    ),
    parameters: isH264(feed) ? toFmtp(chosen) : {},
  };
}

function isH264(feed: RtpCodecParameters): boolean {
  return feed.mimeType.toLowerCase() === 'video/h264';
}

function isSameCodec(codec: OfferedCodec, feed: RtpCodecParameters): boolean {
  if (`video/${codec.name}`.toLowerCase() !== feed.mimeType.toLowerCase()) return false;
  if (codec.clockRate !== feed.clockRate) return false;
  if (!isH264(feed)) return true;
  return (
    Number(codec.parameters['packetization-mode'] ?? 0) ===
    Number(feed.parameters?.['packetization-mode'] ?? 0)
  );
}

function closestProfile(codecs: readonly OfferedCodec[], feed: RtpCodecParameters): OfferedCodec | undefined {
  const profile = toProfile(feed.parameters?.['profile-level-id']);
  for (const played of profile ? PLAYED_BY[profile] : []) {
    const found = codecs.find((codec) => toProfile(codec.parameters['profile-level-id']) === played);
    if (found) return found;
  }
  return undefined;
}

/** Reads `profile-level-id` (RFC 6184, 8.1); without one, a format is baseline. */
function toProfile(text: unknown): Profile | undefined {
  const [, idc, constraints] =
    /^([0-9a-f]{2})([0-9a-f]{2})[0-9a-f]{2}$/i.exec(String(text ?? '42000a')) ?? [];
  const flags = Number.parseInt(constraints ?? '0', 16);
  switch (idc?.toLowerCase()) {
    case '42':
      return (flags & 0x40) !== 0 ? 'constrained-baseline' : 'baseline';
    case '4d':
      return (flags & 0x80) !== 0 ? 'constrained-baseline' : 'main';
    case '64':
      return 'high';
    default:
      return undefined;
  }
}

function toFmtp(codec: OfferedCodec): PlayerFormat['parameters'] {
  const profile = codec.parameters['profile-level-id'];
  return {
    'level-asymmetry-allowed': 1,
    'packetization-mode': Number(codec.parameters['packetization-mode'] ?? 0),
    ...(profile && /^[0-9a-f]{6}$/i.test(profile) ? { 'profile-level-id': profile } : {}),
  };
}

function explain(feed: RtpCodecParameters): string {
  const name = feed.mimeType.slice('video/'.length);
  if (!isH264(feed)) return `This feed is ${name}, which the player does not offer to play`;
  const profile = feed.parameters?.['profile-level-id'] ?? 'unknown';
  return `This feed is H.264, profile-level-id ${profile} with packetization-mode ${feed.parameters?.['packetization-mode'] ?? 0}, which the player does not offer to play`;
}
