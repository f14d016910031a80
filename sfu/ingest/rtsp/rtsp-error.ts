import type { CameraFault } from '#contract/feeds.ts';

/**
 * Why a camera's stream cannot be had, or ended.
 *
 * | code | means |
 * |---|---|
 * | `unreachable` | no connection, or it was cut |
 * | `silent` | it answers or plays, and then nothing comes |
 * | `protocol` | what it says is not what RTSP says |
 * | `refused` | it answered with an error that no other code names, such as too many clients |
 * | `unauthorized` | name or password are wrong |
 * | `forbidden` | name and password have no right to this stream |
 * | `insecure` | it wants the password in the clear, on a connection that others can read |
 * | `not-found` | it has no such stream |
 * | `no-video` | the stream has no video |
 * | `codec` | the video is not H.264 |
 * | `certificate` | nothing vouches for the certificate of an `rtsps:` address |
 */
export type RtspErrorCode =
  | 'unreachable'
  | 'silent'
  | 'protocol'
  | 'refused'
  | 'unauthorized'
  | 'forbidden'
  | 'insecure'
  | 'not-found'
  | 'no-video'
  | 'codec'
  | 'certificate';

/** What people who look after the camera are told. */
const FAULTS: Record<RtspErrorCode, CameraFault> = {
  unreachable: 'unreachable',
  silent: 'silent',
  // Whatever answers there, it is not the stream of a camera.
  protocol: 'stream',
  'not-found': 'stream',
  'no-video': 'stream',
  refused: 'refused',
  unauthorized: 'auth',
  forbidden: 'auth',
  insecure: 'auth',
  codec: 'codec',
  certificate: 'certificate',
};

/** Only somebody at the camera or at our settings can help; trying again soon is of no use and may lock the account. */
const LASTING: ReadonlySet<RtspErrorCode> = new Set([
  'unauthorized',
  'forbidden',
  'insecure',
  'not-found',
  'no-video',
  'codec',
  'certificate',
]);

/** Carries no URL, header or credential: it may be logged as it is. */
export class RtspError extends Error {
  readonly code: RtspErrorCode;
  override name = 'RtspError';

  constructor(code: RtspErrorCode, detail = '') {
    super(detail === '' ? code : `${code}: ${detail}`);
    this.code = code;
  }

  /** What it means for the camera. */
  get fault(): CameraFault {
    return FAULTS[this.code];
  }

  /** It is the same for all streams of the camera. */
  get isOfCamera(): boolean {
    return this.code === 'unauthorized' || this.code === 'insecure';
  }

  /** It will be the same until somebody changes something. */
  get isLasting(): boolean {
    return LASTING.has(this.code);
  }
}

/** What an answer's status says. */
export function toRtspError(status: number): RtspError {
  if (status === 401) return new RtspError('unauthorized', String(status));
  if (status === 403) return new RtspError('forbidden', String(status));
  if (status === 404 || status === 410) return new RtspError('not-found', String(status));
  return new RtspError('refused', String(status));
}
