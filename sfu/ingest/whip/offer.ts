import type { DtlsParameters, FingerprintAlgorithm, RtpEncodingParameters } from 'mediasoup/types';
import { type MediaDescription, parse, type SessionDescription } from 'sdp-transform';
import { VartaError } from '#contract/errors.ts';
import { type OfferedCodec, readCodecs, toText } from './offered-codecs.ts';
import { readRids, readSsrcEncodings } from './offered-streams.ts';

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

export function readHeaderExtensions(session: SessionDescription, video: MediaDescription) {
  return [...(session.ext ?? []), ...(video.ext ?? [])]
    .filter((line) => line['encrypt-uri'] === undefined && line.value >= 1 && line.value <= 255)
    .map((line) => ({ uri: String(line.uri), id: line.value }));
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
