import { validateAndNormalizeRtpCapabilities } from 'mediasoup/ortc';
import type { RtcpFeedback, RtpCapabilities } from 'mediasoup/types';
import { VartaError } from '#contract/errors.ts';

/** A browser lists some 40 formats and 15 extensions. */
const MAX_ENTRIES = 200;

/**
 * Header extensions that a viewer's packets carry; each one costs time on every packet. mid tells streams of one
 * transport apart, and the orientation turns a phone's picture upright.
 *
 * Nothing by which bandwidth could be estimated is among them (docs/decisions, "bandwidth is decided by the page"): the
 * worker would take a page whose machine is busy for one whose network is thin, and stop tiles without a word.
 */
const EXTENSIONS: readonly string[] = ['urn:ietf:params:rtp-hdrext:sdes:mid', 'urn:3gpp:video-orientation'];
/** Feedback of browsers from which a sender estimates bandwidth. */
const ESTIMATES: readonly string[] = ['goog-remb', 'transport-cc'];

/**
 * What a page's device can receive, checked as mediasoup wants it and reduced to video and to the extensions above.
 *
 * @throws VartaError `invalid` with mediasoup's reason.
 */
export function parseRtpCapabilities(untrusted: Record<string, unknown>): RtpCapabilities {
  const { codecs, headerExtensions } = untrusted;
  for (const list of [codecs, headerExtensions]) {
    if (Array.isArray(list) && list.length > MAX_ENTRIES) {
      throw new VartaError('invalid', `rtpCapabilities: more than ${MAX_ENTRIES} entries`);
    }
  }
  try {
    // The check fills in defaults, so it works on a copy.
    const copy: RtpCapabilities = structuredClone({ codecs, headerExtensions }) as RtpCapabilities;
    validateAndNormalizeRtpCapabilities(copy);
    return reduce(copy);
  } catch (error) {
    throw new VartaError('invalid', `rtpCapabilities: ${(error as Error).message.slice(0, 200)}`, {
      cause: error,
    });
  }
}

function withoutEstimates<T extends { rtcpFeedback?: RtcpFeedback[] }>(codec: T): T {
  const rtcpFeedback = codec.rtcpFeedback?.filter(({ type }) => !ESTIMATES.includes(type));
  return rtcpFeedback ? { ...codec, rtcpFeedback } : codec;
}

function reduce(capabilities: RtpCapabilities): RtpCapabilities {
  const { codecs = [], headerExtensions = [] } = capabilities;
  return {
    codecs: codecs.filter(({ kind }) => kind === 'video').map(withoutEstimates),
    headerExtensions: headerExtensions.filter(
      ({ kind, uri }) => kind === 'video' && EXTENSIONS.includes(uri),
    ),
  };
}
