import type { DtlsParameters } from 'mediasoup/types';
import type { MediaDescription, SessionDescription } from 'sdp-transform';
import {
  type AnswerSetup,
  readFingerprint,
  readSession,
  readSetup,
  readUsernameFragment,
  sectionsBundledWith,
  unusable,
} from '../../ingest/whip/offer.ts';
import { type OfferedCodec, readCodecs, toText } from '../../ingest/whip/offered-codecs.ts';

/** What of a player's offer matters to us: one video section, and what the answer has to repeat of the others. */
export interface PlayerOffer {
  session: SessionDescription;
  /** Index of the video section that is answered with the feed. */
  videoIndex: number;
  video: MediaDescription;
  mid: string | undefined;
  /** In the order in which the player prefers them. */
  codecs: OfferedCodec[];
  reducedSizeRtcp: boolean;
  setup: AnswerSetup;
  /** The player's `a=ice-ufrag`. */
  iceUsernameFragment: string;
  /** The player's certificates and role, as mediasoup's `connect()` wants them. */
  dtlsParameters: DtlsParameters;
}

/**
 * Reads the offer of a WHEP player.
 *
 * @throws VartaError `offer_unusable` with the reason.
 */
export function parsePlayerOffer(sdp: string): PlayerOffer {
  const session = readSession(sdp);
  if (session.icelite !== undefined) throw unusable('It is of an ICE-lite agent, and so are we');
  const videoIndex = session.media.findIndex((media) => isReceivingVideo(media, session.direction));
  const video = session.media[videoIndex];
  if (!video) throw unusable('It has no video that is received (m=video with a=recvonly or a=sendrecv)');
  const mid = toText(video.mid);
  const carriers = [video, session, ...sectionsBundledWith(session, mid)];
  const setup = readSetup(carriers);
  return {
    session,
    videoIndex,
    video,
    mid,
    codecs: readCodecs(video),
    reducedSizeRtcp: video.rtcpRsize !== undefined,
    setup,
    iceUsernameFragment: readUsernameFragment(carriers),
    dtlsParameters: {
      role: setup === 'passive' ? 'client' : 'server',
      fingerprints: [readFingerprint(carriers)],
    },
  };
}

/** A bundled section may have port 0 when it is marked bundle-only (RFC 9143). */
function isReceivingVideo(media: MediaDescription, ofSession: SessionDescription['direction']): boolean {
  const offered = media.port !== 0 || media.bundleOnly !== undefined;
  const direction = media.direction ?? ofSession;
  const receives = direction !== 'sendonly' && direction !== 'inactive';
  return media.type === 'video' && offered && receives && /\bSAVPF?$/.test(String(media.protocol));
}
