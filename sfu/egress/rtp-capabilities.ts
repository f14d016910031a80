import { validateAndNormalizeRtpCapabilities } from 'mediasoup/ortc';
import type { RtpCapabilities } from 'mediasoup/types';
import { VartaError } from '#contract/errors.ts';

/** A browser lists some 40 formats and 15 extensions. */
const MAX_ENTRIES = 200;

/**
 * Header extensions that a viewer's packets carry; each one costs time on every packet. mid tells streams of one
 * transport apart, transport-cc is what bandwidth estimation works by (abs-send-time where a browser has nothing better),
 * and the orientation turns a phone's picture upright.
 */
const EXTENSIONS: readonly string[] = [
  'urn:ietf:params:rtp-hdrext:sdes:mid',
  'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'urn:3gpp:video-orientation',
];
const FALLBACK_EXTENSION = 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time';

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

function reduce(capabilities: RtpCapabilities): RtpCapabilities {
  const { codecs = [], headerExtensions = [] } = capabilities;
  const kept = headerExtensions.filter(({ kind, uri }) => kind === 'video' && EXTENSIONS.includes(uri));
  const hasTransportCc = kept.some(({ uri }) => uri === EXTENSIONS[1]);
  const fallback = headerExtensions.filter(({ kind, uri }) => kind === 'video' && uri === FALLBACK_EXTENSION);
  return {
    codecs: codecs.filter(({ kind }) => kind === 'video'),
    headerExtensions: hasTransportCc ? kept : [...kept, ...fallback],
  };
}
