import type {
  DtlsParameters,
  IceCandidate,
  IceParameters,
  RtpCodecParameters,
  RtpParameters,
} from 'mediasoup/types';
import { type MediaDescription, type SessionDescription, write } from 'sdp-transform';
import { toSdpCandidates } from './candidates.ts';
import { midsBundledWith, type WhipOffer } from './offer.ts';

/** Our end of the transport, as mediasoup gives it. */
export interface AnswerTransport {
  iceParameters: IceParameters;
  iceCandidates: readonly IceCandidate[];
  dtlsParameters: DtlsParameters;
}

interface AnswerOptions {
  offer: WhipOffer;
  negotiated: RtpParameters;
  transport: AnswerTransport;
  /** Identifies the answer in its o= line; a number below 2⁶³. */
  sessionId: number;
}

/**
 * The answer to a WHIP offer: the video section received as negotiated; other bundled audio and video sections inactive
 * (the first of them may carry the bundle's transport, and encoders look for it there); everything else rejected.
 */
export function buildAnswer({ offer, negotiated, transport, sessionId }: AnswerOptions): string {
  return writeAnswer({ offer, transport, sessionId, video: videoSection({ offer, negotiated, transport }) });
}

interface AnswerParts {
  offer: Pick<WhipOffer, 'session' | 'mid' | 'videoIndex' | 'setup'>;
  /** The section that answers the offer's video. */
  video: MediaDescription;
  transport: AnswerTransport;
  /** Identifies the answer in its o= line; a number below 2⁶³. */
  sessionId: number;
  /** More that the session says. */
  session?: Pick<SessionDescription, 'msidSemantic'>;
}

/**
 * An answer whose video section is given: other bundled audio and video sections are inactive (the first of them may carry
 * the bundle's transport); everything else is rejected.
 */
export function writeAnswer({ offer, video, transport, sessionId, session }: AnswerParts): string {
  const bundled = midsBundledWith(offer.session, offer.mid);
  const media = offer.session.media.map((offered, index) => {
    if (index === offer.videoIndex) return video;
    const mid = offered.mid === undefined ? undefined : String(offered.mid);
    const carried = offered.type === 'audio' || offered.type === 'video';
    const stays = carried && mid !== undefined && bundled.includes(mid) && (offered.rtp ?? []).length > 0;
    return stays ? inactiveSection(offered, offer, transport) : rejectedSection(offered);
  });
  const accepted = media.filter((section) => section.port !== 0).map((section) => String(section.mid));
  return write({
    version: 0,
    origin: { username: 'varta', sessionId, sessionVersion: 1, netType: 'IN', ipVer: 4, address: '0.0.0.0' },
    name: '-',
    timing: { start: 0, stop: 0 },
    icelite: 'ice-lite',
    ...session,
    ...(bundled.length > 0 ? { groups: [{ type: 'BUNDLE', mids: accepted.join(' ') }] } : {}),
    media,
  });
}

/** What every section says that is not rejected. */
export function transportLines(
  offered: MediaDescription,
  offer: Pick<WhipOffer, 'setup'>,
  transport: AnswerTransport,
) {
  const { iceParameters, iceCandidates, dtlsParameters } = transport;
  const fingerprint =
    dtlsParameters.fingerprints.find(({ algorithm }) => algorithm === 'sha-256') ??
    dtlsParameters.fingerprints[0];
  return {
    type: offered.type,
    // The discard port: addresses are in the candidates (RFC 8839).
    port: 9,
    protocol: offered.protocol,
    connection: { version: 4, ip: '0.0.0.0' },
    ...(offered.mid === undefined ? {} : { mid: String(offered.mid) }),
    iceUfrag: iceParameters.usernameFragment,
    icePwd: iceParameters.password,
    ...(fingerprint ? { fingerprint: { type: fingerprint.algorithm, hash: fingerprint.value } } : {}),
    setup: offer.setup,
    candidates: toSdpCandidates(iceCandidates),
    endOfCandidates: 'end-of-candidates',
    rtcpMux: 'rtcp-mux',
  } as const;
}

interface VideoSection {
  offer: WhipOffer;
  negotiated: RtpParameters;
  transport: AnswerTransport;
}

function videoSection({ offer, negotiated, transport }: VideoSection): MediaDescription {
  const { codecs, headerExtensions = [], encodings = [] } = negotiated;
  const rids = encodings.flatMap(({ rid }) => (rid === undefined ? [] : [rid]));
  return {
    ...transportLines(offer.video, offer, transport),
    direction: 'recvonly',
    payloads: codecs.map((codec) => codec.payloadType).join(' '),
    rtp: codecs.map((codec) => ({
      payload: codec.payloadType,
      codec: codec.mimeType.slice('video/'.length),
      rate: codec.clockRate,
    })),
    fmtp: codecs.flatMap((codec) => toFmtp(withOfferedProfile(codec, offer))),
    rtcpFb: codecs.flatMap((codec) =>
      (codec.rtcpFeedback ?? []).map(({ type, parameter }) => ({
        payload: codec.payloadType,
        type,
        ...(parameter === undefined ? {} : { subtype: parameter }),
      })),
    ),
    ext: headerExtensions.map(({ uri, id }) => ({ value: id, uri })),
    ...(offer.reducedSizeRtcp ? { rtcpRsize: 'rtcp-rsize' } : {}),
    ...(rids.length > 0
      ? {
          rids: rids.map((id) => ({ id, direction: 'recv' })),
          simulcast: { dir1: 'recv', list1: rids.join(';') },
        }
      : {}),
  };
}

/** The `a=fmtp` line of a format, without the sender's own parameter sets. */
export function toFmtp(codec: RtpCodecParameters): { payload: number; config: string }[] {
  const config = Object.entries(codec.parameters ?? {})
    .filter(([name, value]) => name !== 'sprop-parameter-sets' && value !== undefined)
    .map(([name, value]) => `${name}=${value}`)
    .join(';');
  return config === '' ? [] : [{ payload: codec.payloadType, config }];
}

/** The encoder hears its own profile again, bit for bit: some look for just that, and the router's is written otherwise. */
function withOfferedProfile(codec: RtpCodecParameters, offer: WhipOffer): RtpCodecParameters {
  if (codec.parameters?.['profile-level-id'] === undefined) return codec;
  const offered = offer.codecs.find(({ payloadType }) => payloadType === codec.payloadType);
  const profile = offered?.parameters['profile-level-id']?.toLowerCase();
  return { ...codec, parameters: { ...codec.parameters, 'profile-level-id': profile } };
}

/** A section that exists and carries nothing; it names one of the offered formats, because it must name one. */
function inactiveSection(
  offered: MediaDescription,
  offer: Pick<WhipOffer, 'setup'>,
  transport: AnswerTransport,
): MediaDescription {
  const order = String(offered.payloads ?? '').split(' ');
  const format = offered.rtp.find(({ payload }) => String(payload) === order[0]) ?? offered.rtp[0];
  return {
    ...transportLines(offered, offer, transport),
    direction: 'inactive',
    payloads: String(format?.payload ?? order[0]),
    rtp: format ? [format] : [],
    fmtp: offered.fmtp.filter(({ payload }) => payload === format?.payload),
  };
}

function rejectedSection(offered: MediaDescription): MediaDescription {
  return {
    type: offered.type,
    port: 0,
    protocol: offered.protocol,
    payloads: String(offered.payloads ?? '0'),
    connection: { version: 4, ip: '0.0.0.0' },
    direction: 'inactive',
    ...(offered.mid === undefined ? {} : { mid: String(offered.mid) }),
    rtp: [],
    fmtp: [],
  };
}
