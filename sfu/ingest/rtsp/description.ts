import { parse, parseParams } from 'sdp-transform';

/** The video that a camera describes. */
export type Described =
  | {
      ok: true;
      /** Where to set it up. */
      controlUrl: string;
      /** Where to play and to end the session. */
      sessionUrl: string;
      payloadType: number;
      /** SPS and PPS from the description, for cameras that do not repeat them in the stream. */
      parameterSets: Buffer[];
    }
  | { ok: false; code: 'codec' | 'no-video'; found: string };

/**
 * Finds the H.264 video in an answer to DESCRIBE.
 *
 * @param baseUrl `Content-Base`, `Content-Location` or what was asked for
 */
export function readDescription(sdp: string, baseUrl: string): Described {
  const session = parse(sdp);
  const videos = session.media.filter(({ type }) => type === 'video');
  for (const video of videos) {
    const h264 = video.rtp.find(({ codec }) => codec.toUpperCase() === 'H264');
    if (!h264) continue;
    const config = video.fmtp.find(({ payload }) => payload === h264.payload)?.config ?? '';
    const sets = String(parseParams(config)['sprop-parameter-sets'] ?? '');
    return {
      ok: true,
      controlUrl: resolveControl(video.control, baseUrl),
      sessionUrl: resolveControl(session.control, baseUrl),
      payloadType: h264.payload,
      parameterSets: sets
        .split(',')
        .map((set) => Buffer.from(set, 'base64'))
        .filter(({ length }) => length > 1),
    };
  }
  const found = videos.flatMap(({ rtp }) => rtp.map(({ codec }) => codec.slice(0, 20)));
  return { ok: false, code: videos.length > 0 ? 'codec' : 'no-video', found: found.join(' ') };
}

/**
 * RFC 2326, C.1.1, as cameras understand it: `*` is the base itself, and what is relative is put behind the base, also
 * when that does not end in a slash or has a query.
 */
function resolveControl(control: string | undefined, baseUrl: string): string {
  if (control === undefined || control === '' || control === '*') return baseUrl;
  if (/^rtsps?:\/\//i.test(control)) return control;
  return baseUrl.endsWith('/') || control.startsWith('/')
    ? baseUrl.replace(/\/$/, '') + (control.startsWith('/') ? control : `/${control}`)
    : `${baseUrl}/${control}`;
}
