import { validateAndNormalizeRtpCapabilities } from 'mediasoup/ortc';
import type { RtpCapabilities } from 'mediasoup/types';
import { VartaError } from '#contract/errors.ts';

/** A browser lists some 40 formats and 15 extensions. */
const MAX_ENTRIES = 200;

/**
 * Header extensions that a viewer's packets carry; each one costs time on every packet. mid tells streams of one
 * transport apart, and the orientation turns a phone's picture upright.
 *
 * Bandwidth is estimated by the page (REMB, by abs-send-time) and not here (transport-cc): for each packet, that is a
 * fifth less work for the worker, which keeps no history and reads no feedback. A page that names no abs-send-time is
 * not estimated at all, and always gets the layers that it asks for.
 */
const EXTENSIONS: readonly string[] = [
  'urn:ietf:params:rtp-hdrext:sdes:mid',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'urn:3gpp:video-orientation',
];

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
  return {
    codecs: codecs.filter(({ kind }) => kind === 'video'),
    headerExtensions: headerExtensions.filter(
      ({ kind, uri }) => kind === 'video' && EXTENSIONS.includes(uri),
    ),
  };
}
