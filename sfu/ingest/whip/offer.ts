import type {
  DtlsParameters,
  FingerprintAlgorithm,
  RtcpFeedback,
  RtpEncodingParameters,
} from 'mediasoup/types';
import {
  type MediaDescription,
  parse,
  parseSimulcastStreamList,
  type SessionDescription,
} from 'sdp-transform';
import { VartaError } from '#contract/errors.ts';
import { parseFmtp } from './fmtp.ts';

/** A codec of the offer, in the order in which the encoder prefers them. */
export interface OfferedCodec {
  payloadType: number;
  /** Such as `H264`, as the offer spells it. */
  name: string;
  clockRate: number;
  parameters: Record<string, string>;
  feedback: RtcpFeedback[];
  /** Payload type of its retransmission format (RFC 4588), when offered. */
  rtxPayloadType?: number;
}

/** How we take part in DTLS; the offerer's role is the other one. */
export type AnswerSetup = 'active' | 'passive';

/** What of a WHIP offer matters to us: one video section, and what the answer has to repeat of the others. */
export interface WhipOffer {
  session: SessionDescription;
  /** Index of the video section that is taken. */
  videoIndex: number;
  video: MediaDescription;
  mid: string | undefined;
  codecs: OfferedCodec[];
  headerExtensions: { uri: string; id: number }[];
  encodings: RtpEncodingParameters[];
  /** Names of simulcast layers (RFC 8851), in the order of the offer; empty without simulcast. */
  rids: string[];
  cname: string | undefined;
  reducedSizeRtcp: boolean;
  setup: AnswerSetup;
  /** The offerer's certificates and role, as mediasoup's `connect()` wants them. */
  dtlsParameters: DtlsParameters;
}

/** A WHIP offer has one audio and one video section; a page of a conference is not an encoder. */
const MAX_SECTIONS = 16;

/** @throws VartaError `offer_unusable` with the reason. */
export function parseOffer(sdp: string): WhipOffer {
  const session = readSession(sdp);
  const videoIndex = session.media.findIndex(isSendingVideo);
  const video = session.media[videoIndex];
  if (!video) throw unusable('It has no video that is sent (m=video with a=sendonly or a=sendrecv)');
  const rids = readRids(video);
  const mid = toText(video.mid);
  const setup = readSetup(session, video);
  return {
    session,
    videoIndex,
    video,
    mid,
    codecs: readCodecs(video),
    headerExtensions: readHeaderExtensions(session, video),
    encodings: rids.length > 0 ? rids.map((rid) => ({ rid })) : readSsrcEncodings(video),
    rids,
    cname: toText(video.ssrcs?.find((line) => line.attribute === 'cname')?.value),
    reducedSizeRtcp: video.rtcpRsize !== undefined,
    setup,
    dtlsParameters: {
      role: setup === 'passive' ? 'client' : 'server',
      fingerprints: [readFingerprint(session, video)],
    },
  };
}

export function unusable(reason: string): VartaError {
  return new VartaError('offer_unusable', `The SDP offer cannot be used. ${reason}`);
}

function readSession(sdp: string): SessionDescription {
  if (!/^v=0\r?\n/.test(sdp)) throw unusable('It does not begin with v=0');
  let session: SessionDescription;
  try {
    session = parse(sdp);
  } catch (error) {
    throw new VartaError('offer_unusable', 'The SDP offer cannot be read', { cause: error });
  }
  if (!Array.isArray(session.media) || session.media.length === 0) throw unusable('It has no m= section');
  if (session.media.length > MAX_SECTIONS) throw unusable(`It has more than ${MAX_SECTIONS} m= sections`);
  return session;
}

/** A bundled section may have port 0 when it is marked bundle-only (RFC 9143). */
function isSendingVideo(media: MediaDescription): boolean {
  const offered = media.port !== 0 || media.bundleOnly !== undefined;
  const sends = media.direction !== 'recvonly' && media.direction !== 'inactive';
  return media.type === 'video' && offered && sends && /\bSAVPF?$/.test(String(media.protocol));
}

/** sdp-transform turns texts that look like numbers into numbers. */
function toText(value: unknown): string | undefined {
  return value === undefined ? undefined : String(value);
}

function readCodecs(video: MediaDescription): OfferedCodec[] {
  const parametersOf = (payloadType: number) =>
    parseFmtp((video.fmtp ?? []).find((line) => line.payload === payloadType)?.config);
  const formats = (video.rtp ?? []).map((format) => ({ ...format, codec: String(format.codec) }));
  const order = String(video.payloads ?? '')
    .split(' ')
    .map(Number);
  const rtx = new Map<string, number>();
  for (const format of formats) {
    const apt = format.codec.toLowerCase() === 'rtx' ? parametersOf(format.payload).apt : undefined;
    if (apt !== undefined) rtx.set(apt, format.payload);
  }
  return formats
    .filter((format) => format.codec.toLowerCase() !== 'rtx' && order.includes(format.payload))
    .sort((a, b) => order.indexOf(a.payload) - order.indexOf(b.payload))
    .map((format): OfferedCodec => {
      const rtxPayloadType = rtx.get(String(format.payload));
      return {
        payloadType: format.payload,
        name: format.codec,
        clockRate: Number(format.rate),
        parameters: parametersOf(format.payload),
        feedback: (video.rtcpFb ?? [])
          .filter((line) => line.payload === format.payload || line.payload === '*')
          .map((line) => ({
            type: String(line.type),
            ...(line.subtype ? { parameter: String(line.subtype) } : {}),
          })),
        ...(rtxPayloadType === undefined ? {} : { rtxPayloadType }),
      };
    });
}

function readHeaderExtensions(session: SessionDescription, video: MediaDescription) {
  return [...(session.ext ?? []), ...(video.ext ?? [])]
    .filter((line) => line['encrypt-uri'] === undefined && line.value >= 1 && line.value <= 255)
    .map((line) => ({ uri: String(line.uri), id: line.value }));
}

/** Layers that the encoder names with `a=rid … send` and sends as simulcast (RFC 8853); alternatives are not used. */
function readRids(video: MediaDescription): string[] {
  const { simulcast } = video;
  const list =
    simulcast?.dir1 === 'send' ? simulcast.list1 : simulcast?.dir2 === 'send' ? simulcast.list2 : undefined;
  if (!list) return [];
  const declared = new Set(
    (video.rids ?? []).filter((rid) => rid.direction === 'send').map((rid) => String(rid.id)),
  );
  return parseSimulcastStreamList(String(list))
    .map((alternatives) => String(alternatives[0]?.scid ?? ''))
    .filter((rid) => declared.has(rid));
}

/** SSRCs by `a=ssrc` (RFC 5576), with their retransmission SSRC; layers by `ssrc-group:SIM`, lowest first. */
function readSsrcEncodings(video: MediaDescription): RtpEncodingParameters[] {
  const rtxOf = new Map<number, number>();
  let simulcast: number[] = [];
  for (const group of video.ssrcGroups ?? []) {
    const ssrcs = String(group.ssrcs).split(' ').map(Number).filter(isSsrc);
    if (group.semantics === 'SIM') simulcast = ssrcs;
    const [media, rtx] = ssrcs;
    if (group.semantics === 'FID' && media !== undefined && rtx !== undefined) rtxOf.set(media, rtx);
  }
  const retransmissions = new Set(rtxOf.values());
  const named = [...new Set((video.ssrcs ?? []).map((line) => Number(line.id)))].filter(isSsrc);
  const first = named.find((ssrc) => !retransmissions.has(ssrc));
  const media = simulcast.length > 0 ? simulcast : first === undefined ? [] : [first];
  return media.map((ssrc) => {
    const rtx = rtxOf.get(ssrc);
    return rtx === undefined ? { ssrc } : { ssrc, rtx: { ssrc: rtx } };
  });
}

function isSsrc(value: number): boolean {
  return Number.isInteger(value) && value > 0 && value <= 0xffff_ffff;
}

function readSetup(session: SessionDescription, video: MediaDescription): AnswerSetup {
  const setup = video.setup ?? session.setup ?? 'actpass';
  if (setup === 'actpass' || setup === 'active') return 'passive';
  if (setup === 'passive') return 'active';
  throw unusable('Its a=setup is none of actpass, active and passive');
}

/** Bytes of a certificate's digest, by the name of the hash function (RFC 8122). */
const DIGEST_BYTES: Record<FingerprintAlgorithm, number> = {
  'sha-1': 20,
  'sha-224': 28,
  'sha-256': 32,
  'sha-384': 48,
  'sha-512': 64,
};

function readFingerprint(session: SessionDescription, video: MediaDescription) {
  const line = video.fingerprint ?? session.fingerprint;
  const algorithm = toText(line?.type)?.toLowerCase();
  const value = toText(line?.hash) ?? '';
  if (!isAlgorithm(algorithm)) throw unusable('It has no a=fingerprint of a known kind');
  const isDigest = /^[0-9a-f]{2}(?::[0-9a-f]{2})*$/i.test(value);
  if (!isDigest || value.split(':').length !== DIGEST_BYTES[algorithm]) {
    throw unusable('Its a=fingerprint is not a digest of that kind');
  }
  return { algorithm, value };
}

function isAlgorithm(text: string | undefined): text is FingerprintAlgorithm {
  return text !== undefined && Object.hasOwn(DIGEST_BYTES, text);
}
