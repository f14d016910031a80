import { getProducerRtpParametersMapping } from 'mediasoup/ortc';
import type {
  RtpCapabilities,
  RtpCodecParameters,
  RtpEncodingParameters,
  RtpHeaderExtensionParameters,
  RtpParameters,
} from 'mediasoup/types';
import { VartaError } from '#contract/errors.ts';
import { profileRank, toRouterProfile } from './h264-profile.ts';
import { unusable, type WhipOffer } from './offer.ts';
import type { OfferedCodec } from './offered-codecs.ts';
import { REFUSALS } from './refusals.ts';

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
const [MID_EXTENSION, RID_EXTENSION, REPAIRED_RID_EXTENSION] = EXTENSIONS;

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
  const usesRtx = codec.rtxPayloadType !== undefined && canTellRetransmissions(offer, encodings);
  const { rtxPayloadType: _unused, ...withoutRtx } = codec;
  const taken = encodings.map(({ rtx, ...encoding }) => (usesRtx && rtx ? { ...encoding, rtx } : encoding));
  assertToldApart(taken);
  return {
    ...(offer.mid === undefined ? {} : { mid: offer.mid }),
    codecs: toCodecParameters(usesRtx ? codec : withoutRtx),
    headerExtensions: chooseExtensions(offer, capabilities),
    encodings: taken,
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

/** Place of a codec's profile in the order of preference; one that is not said or cannot be read comes last. */
function rank(codec: OfferedCodec): number {
  return profileRank(codec.parameters['profile-level-id']);
}

/**
 * Whether a retransmission can be told from others: by its SSRC (`ssrc-group:FID`), or by names in the packet. An encoder
 * that offers the format and neither of both would have its retransmissions dropped; without the format it repeats the
 * packet as it was.
 */
function canTellRetransmissions(offer: WhipOffer, encodings: readonly RtpEncodingParameters[]): boolean {
  if (offer.rids.length > 0) return hasExtension(offer, REPAIRED_RID_EXTENSION);
  if (offer.mid !== undefined && hasExtension(offer, MID_EXTENSION)) return true;
  return encodings.every(({ rtx }) => rtx !== undefined);
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
  const profile = toRouterProfile(offered['profile-level-id']);
  const sets = offered['sprop-parameter-sets'];
  return {
    'packetization-mode': Number(offered['packetization-mode'] ?? 0),
    'level-asymmetry-allowed': 1,
    ...(profile === undefined ? {} : { 'profile-level-id': profile }),
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

/** Media workers fail at an SSRC that stands for two streams. */
function assertToldApart(encodings: readonly RtpEncodingParameters[]): void {
  const ssrcs = encodings.flatMap(({ ssrc, rtx }) => [ssrc, rtx?.ssrc].filter((one) => one !== undefined));
  if (new Set(ssrcs).size < ssrcs.length) throw unusable('It names one a=ssrc for two streams');
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
  if (h264.some((codec) => codec.parameters['packetization-mode'] === '1')) return REFUSALS.profile;
  if (h264.length > 0) return REFUSALS.packetizationMode;
  const names = [...new Set(codecs.map((codec) => codec.name))].slice(0, 5).join(', ');
  return REFUSALS.codec(names || 'no video codec');
}
