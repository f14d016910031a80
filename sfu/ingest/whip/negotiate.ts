import { getProducerRtpParametersMapping } from 'mediasoup/ortc';
import type {
  RtpCapabilities,
  RtpCodecParameters,
  RtpEncodingParameters,
  RtpHeaderExtensionParameters,
  RtpParameters,
} from 'mediasoup/types';
import { VartaError } from '#contract/errors.ts';
import { H264_PROFILES } from '../../workers/codecs.ts';
import { type OfferedCodec, unusable, type WhipOffer } from './offer.ts';

/** Most encodings of a feed: low and high. */
const MAX_ENCODINGS = 2;

/**
 * Header extensions that an encoder may use. Each costs time on every packet, so there are only those that do something
 * here: telling streams apart, estimating the encoder's bandwidth, and turning a phone's picture upright.
 */
const EXTENSIONS: readonly string[] = [
  'urn:ietf:params:rtp-hdrext:sdes:mid',
  'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'urn:3gpp:video-orientation',
];
const [MID_EXTENSION, RID_EXTENSION] = EXTENSIONS;

/** RTCP feedback that mediasoup sends to a sender of video. */
const FEEDBACK = new Set(['nack', 'nack pli', 'ccm fir', 'goog-remb', 'transport-cc']);

/**
 * Chooses what is taken of an offer: what the encoder will send, as mediasoup's `produce()` wants it, and as the answer
 * tells the encoder. `layers` is how many layers the feed has at most.
 *
 * @throws VartaError `codec_unsupported` with the setting that fixes it, or `offer_unusable`.
 */
export function negotiate(offer: WhipOffer, capabilities: RtpCapabilities, layers: number): RtpParameters {
  const codec = chooseCodec(offer.codecs, capabilities);
  const encodings = chooseEncodings(offer, Math.min(layers, MAX_ENCODINGS));
  const usesRtx = codec.rtxPayloadType !== undefined;
  return {
    ...(offer.mid === undefined ? {} : { mid: offer.mid }),
    codecs: toCodecParameters(codec),
    headerExtensions: chooseExtensions(offer, capabilities),
    encodings: encodings.map(({ rtx, ...encoding }) => (usesRtx && rtx ? { ...encoding, rtx } : encoding)),
    rtcp: {
      reducedSize: offer.reducedSizeRtcp,
      ...(offer.cname === undefined ? {} : { cname: offer.cname }),
    },
  };
}

/**
 * The first kind of codec that the encoder prefers and a wall can show; of several H.264 profiles the one that most
 * browsers decode.
 */
function chooseCodec(codecs: readonly OfferedCodec[], capabilities: RtpCapabilities): OfferedCodec {
  const usable = codecs.filter((codec) => isTaken(codec, capabilities));
  const [first] = usable;
  if (!first) throw new VartaError('codec_unsupported', explainRefusal(codecs));
  if (first.name.toUpperCase() !== 'H264') return first;
  const ranked = usable
    .filter((codec) => codec.name.toUpperCase() === 'H264')
    .sort((a, b) => rank(a) - rank(b));
  return ranked[0] ?? first;
}

/** Place of a codec's profile in the order of preference; those that are written otherwise come last. */
function rank(codec: OfferedCodec): number {
  const profile = codec.parameters['profile-level-id']?.slice(0, 4).toLowerCase();
  const place = Object.values(H264_PROFILES).findIndex((known) => known.startsWith(profile ?? '-'));
  return place === -1 ? Number.MAX_SAFE_INTEGER : place;
}

function isTaken(codec: OfferedCodec, capabilities: RtpCapabilities): boolean {
  try {
    const parameters = { codecs: toCodecParameters(codec), encodings: [], headerExtensions: [] };
    getProducerRtpParametersMapping(parameters, capabilities);
    return true;
  } catch {
    // How mediasoup says that no codec of the router matches.
    return false;
  }
}

function toCodecParameters(codec: OfferedCodec): RtpCodecParameters[] {
  const name = codec.name.toUpperCase();
  const media: RtpCodecParameters = {
    mimeType: `video/${name}`,
    payloadType: codec.payloadType,
    clockRate: codec.clockRate,
    parameters: name === 'H264' ? toH264Parameters(codec.parameters) : {},
    rtcpFeedback: codec.feedback.filter(({ type, parameter }) =>
      FEEDBACK.has(parameter === undefined ? type : `${type} ${parameter}`),
    ),
  };
  if (codec.rtxPayloadType === undefined) return [media];
  const rtx: RtpCodecParameters = {
    mimeType: 'video/rtx',
    payloadType: codec.rtxPayloadType,
    clockRate: codec.clockRate,
    parameters: { apt: codec.payloadType },
    rtcpFeedback: [],
  };
  return [media, rtx];
}

/** `sprop-parameter-sets` goes on to the viewers: some encoders send SPS and PPS nowhere else. */
function toH264Parameters(offered: Record<string, string>): Record<string, string | number> {
  const profile = offered['profile-level-id']?.toLowerCase();
  const sets = offered['sprop-parameter-sets'];
  return {
    'packetization-mode': Number(offered['packetization-mode'] ?? 0),
    'level-asymmetry-allowed': 1,
    ...(profile && /^[0-9a-f]{6}$/.test(profile) ? { 'profile-level-id': profile } : {}),
    ...(sets && sets.length <= 1000 ? { 'sprop-parameter-sets': sets } : {}),
  };
}

function chooseEncodings(offer: WhipOffer, most: number): RtpEncodingParameters[] {
  const { encodings } = offer;
  if (encodings.length > 0) {
    if (offer.rids.length > 0 && !hasExtension(offer, RID_EXTENSION)) {
      throw unusable('It offers simulcast by a=rid without the header extension rtp-stream-id');
    }
    // Of three layers the lowest and the highest are taken: small tiles and one large one.
    return encodings.length <= most ? encodings : [...encodings.slice(0, most - 1), ...encodings.slice(-1)];
  }
  // Without an SSRC in the offer, packets are told apart by their mid.
  if (offer.mid !== undefined && hasExtension(offer, MID_EXTENSION)) return [{}];
  throw unusable('It names no a=ssrc for the video, and has no header extension sdes:mid either');
}

function hasExtension(offer: WhipOffer, uri: string | undefined): boolean {
  return offer.headerExtensions.some((extension) => extension.uri === uri);
}

function chooseExtensions(offer: WhipOffer, capabilities: RtpCapabilities): RtpHeaderExtensionParameters[] {
  const chosen: RtpHeaderExtensionParameters[] = [];
  for (const offered of offer.headerExtensions) {
    const known = capabilities.headerExtensions?.find(
      ({ kind, uri }) => kind === 'video' && uri === offered.uri && EXTENSIONS.includes(uri),
    );
    const clashes = chosen.some(({ id, uri }) => id === offered.id || uri === offered.uri);
    if (known && !clashes) chosen.push({ uri: known.uri, id: offered.id });
  }
  return chosen;
}

/** Names the encoder setting that helps. */
function explainRefusal(codecs: readonly OfferedCodec[]): string {
  const h264 = codecs.filter((codec) => codec.name.toUpperCase() === 'H264');
  if (h264.length > 0) {
    return h264.some((codec) => codec.parameters['packetization-mode'] === '1')
      ? 'This H.264 profile is not decoded by browsers. Set the encoder to profile baseline, main or high (4:2:0, 8 bit) without B-frames; FFmpeg: -profile:v baseline -pix_fmt yuv420p -bf 0'
      : 'H.264 is offered without packetization-mode=1. Set packetization-mode=1 in the encoder; GStreamer: rtph264pay aggregate-mode=zero-latency and caps packetization-mode=(string)1';
  }
  const names = [...new Set(codecs.map((codec) => codec.name))].slice(0, 5).join(', ') || 'no video codec';
  return `The encoder offers ${names}, which a browser wall cannot show. Set it to H.264 without B-frames; OBS: Output → Video Encoder x264 or any H.264; FFmpeg: -c:v libx264 -bf 0; cameras: stream type H.264 instead of H.265`;
}
