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
import { orderLayers } from './layer-order.ts';

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
  /** Names of simulcast layers (RFC 8851), smallest picture first; empty without simulcast. */
  rids: string[];
  cname: string | undefined;
  reducedSizeRtcp: boolean;
  setup: AnswerSetup;
  /** The offerer's `a=ice-ufrag`. */
  iceUsernameFragment: string;
  /** The offerer's certificates and role, as mediasoup's `connect()` wants them. */
  dtlsParameters: DtlsParameters;
}

/** A WHIP offer has one audio and one video section; a page of a conference is not an encoder. */
const MAX_SECTIONS = 16;

/** @throws VartaError `offer_unusable` with the reason. */
export function parseOffer(sdp: string): WhipOffer {
  const session = readSession(sdp);
  const videoIndex = session.media.findIndex((media) => isSendingVideo(media, session.direction));
  const video = session.media[videoIndex];
  if (!video) throw unusable('It has no video that is sent (m=video with a=sendonly or a=sendrecv)');
  const rids = readRids(session, video);
  const mid = toText(video.mid);
  const carriers = [video, session, ...sectionsBundledWith(session, mid)];
  const setup = readSetup(carriers);
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
    iceUsernameFragment: readUsernameFragment(carriers),
    dtlsParameters: {
      role: setup === 'passive' ? 'client' : 'server',
      fingerprints: [readFingerprint(carriers)],
    },
  };
}

/** Where the lines about the transport may stand: in the section, in the session, or in another section of its bundle. */
export type Carrier = Pick<MediaDescription, 'setup' | 'iceUfrag' | 'fingerprint'>;

/** Mids of the sections that share one transport with this one (RFC 9143), as the offer lists them. */
export function midsBundledWith(session: SessionDescription, mid: string | undefined): string[] {
  const groups = (session.groups ?? []).filter((group) => group.type === 'BUNDLE');
  const lists = groups.map((group) => String(group.mids).split(' '));
  return lists.find((mids) => mid !== undefined && mids.includes(mid)) ?? [];
}

export function sectionsBundledWith(
  session: SessionDescription,
  mid: string | undefined,
): MediaDescription[] {
  const mids = midsBundledWith(session, mid);
  return session.media.filter((media) => media.mid !== undefined && mids.includes(String(media.mid)));
}

export function unusable(reason: string): VartaError {
  return new VartaError('offer_unusable', `The SDP offer cannot be used. ${reason}`);
}

export function readSession(sdp: string): SessionDescription {
  if (!/^v=0\r?\n/.test(sdp)) throw unusable('It does not begin with v=0');
  let session: SessionDescription;
  try {
    session = parse(sdp);
  } catch (error) {
    throw new VartaError('offer_unusable', 'The SDP offer cannot be read', { cause: error });
  }
  if (!Array.isArray(session.media) || session.media.length === 0) throw unusable('It has no m= section');
  if (session.media.length > MAX_SECTIONS) throw unusable(`It has more than ${MAX_SECTIONS} m= sections`);
  // Each has to be answered in its place, and nothing can be said to what cannot be read.
  const unreadable = session.media.findIndex(({ type, protocol }) => !type || !protocol);
  if (unreadable !== -1) throw unusable(`Its m= line number ${unreadable + 1} cannot be read`);
  return session;
}

/** A bundled section may have port 0 when it is marked bundle-only (RFC 9143). */
function isSendingVideo(media: MediaDescription, ofSession: SessionDescription['direction']): boolean {
  const offered = media.port !== 0 || media.bundleOnly !== undefined;
  const direction = media.direction ?? ofSession;
  const sends = direction !== 'recvonly' && direction !== 'inactive';
  return media.type === 'video' && offered && sends && /\bSAVPF?$/.test(String(media.protocol));
}

/** sdp-transform turns texts that look like numbers into numbers. */
export function toText(value: unknown): string | undefined {
  return value === undefined ? undefined : String(value);
}

export function readCodecs(video: MediaDescription): OfferedCodec[] {
  const parametersOf = (payloadType: number) =>
    parseFmtp((video.fmtp ?? []).find((line) => line.payload === payloadType)?.config);
  const formats = (video.rtp ?? []).map((format) => ({ ...format, codec: String(format.codec) }));
  const order = String(video.payloads ?? '')
    .split(' ')
    .map(Number);
  const rtx = new Map<string, number>();
  for (const format of formats) {
    const isRtx = format.codec.toLowerCase() === 'rtx' && order.includes(format.payload);
    const apt = isRtx ? parametersOf(format.payload).apt : undefined;
    if (apt !== undefined && !rtx.has(apt)) rtx.set(apt, format.payload);
  }
  const feedback = readFeedback(video);
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
        feedback: feedback
          .filter(({ payload }) => payload === String(format.payload) || payload === '*')
          .map(({ type, parameter }) => ({ type, ...(parameter ? { parameter } : {}) })),
        ...(rtxPayloadType === undefined ? {} : { rtxPayloadType }),
      };
    });
}

/** `a=rtcp-fb` lines, also without the colon: so FFmpeg wrote "a=rtcp-fb106 nack", and lost packets were lost for good. */
function readFeedback(video: MediaDescription) {
  const lines = (video.rtcpFb ?? []).map((line) => ({
    payload: String(line.payload),
    type: String(line.type),
    parameter: toText(line.subtype),
  }));
  for (const { value } of video.invalid ?? []) {
    const [, payload, type, parameter] = /^rtcp-fb ?(\d+) (\S+)(?: (\S+))?$/.exec(String(value)) ?? [];
    if (payload !== undefined && type !== undefined) lines.push({ payload, type, parameter });
  }
  return lines;
}

export function readHeaderExtensions(session: SessionDescription, video: MediaDescription) {
  return [...(session.ext ?? []), ...(video.ext ?? [])]
    .filter((line) => line['encrypt-uri'] === undefined && line.value >= 1 && line.value <= 255)
    .map((line) => ({ uri: String(line.uri), id: line.value }));
}

/** Layers that the encoder names with `a=rid … send` and sends as simulcast (RFC 8853); alternatives are not used. */
function readRids(session: SessionDescription, video: MediaDescription): string[] {
  const { simulcast } = video;
  const list =
    simulcast?.dir1 === 'send' ? simulcast.list1 : simulcast?.dir2 === 'send' ? simulcast.list2 : undefined;
  if (!list) return [];
  const declared = new Map(
    (video.rids ?? [])
      .filter((rid) => rid.direction === 'send')
      .map((rid) => [String(rid.id), parseFmtp(toText(rid.params))]),
  );
  const named = new Set(
    parseSimulcastStreamList(String(list)).map((alternatives) => String(alternatives[0]?.scid ?? '')),
  );
  const layers = [...named].flatMap((rid) => {
    const restrictions = declared.get(rid);
    return restrictions ? [{ rid, restrictions }] : [];
  });
  return orderLayers(layers, session);
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
  const named = [
    ...new Set([...(video.ssrcs ?? []).map((line) => Number(line.id)), ...bareSsrcs(video)]),
  ].filter(isSsrc);
  const first = named.find((ssrc) => !retransmissions.has(ssrc));
  const media = simulcast.length > 0 ? simulcast : first === undefined ? [] : [first];
  return media.map((ssrc) => {
    const rtx = rtxOf.get(ssrc);
    return rtx === undefined ? { ssrc } : { ssrc, rtx: { ssrc: rtx } };
  });
}

/** `a=ssrc` lines that say nothing but the number. */
function bareSsrcs(video: MediaDescription): number[] {
  return (video.invalid ?? []).flatMap(({ value }) => {
    const ssrc = /^ssrc:(\d+)\s*$/.exec(String(value))?.[1];
    return ssrc === undefined ? [] : [Number(ssrc)];
  });
}

function isSsrc(value: number): boolean {
  return Number.isInteger(value) && value > 0 && value <= 0xffff_ffff;
}

export function readSetup(carriers: readonly Carrier[]): AnswerSetup {
  const setup = carriers.find((carrier) => carrier.setup !== undefined)?.setup ?? 'actpass';
  if (setup === 'actpass' || setup === 'active') return 'passive';
  if (setup === 'passive') return 'active';
  throw unusable('Its a=setup is none of actpass, active and passive');
}

export function readUsernameFragment(carriers: readonly Carrier[]): string {
  const text = toText(carriers.find(({ iceUfrag }) => iceUfrag !== undefined)?.iceUfrag)?.trim();
  if (!text) throw unusable('It has no a=ice-ufrag');
  return text;
}

/** Bytes of a certificate's digest, by the name of the hash function (RFC 8122). */
const DIGEST_BYTES: Record<FingerprintAlgorithm, number> = {
  'sha-1': 20,
  'sha-224': 28,
  'sha-256': 32,
  'sha-384': 48,
  'sha-512': 64,
};

export function readFingerprint(carriers: readonly Carrier[]) {
  const line = carriers.find(({ fingerprint }) => fingerprint !== undefined)?.fingerprint;
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
