import type { CameraFault } from '#contract/status.ts';

/**
 * Why a camera's stream cannot be had, or ended.
 *
 * | code | means |
 * |---|---|
 * | `unreachable` | no connection, or it was cut |
 * | `silent` | it answers or plays, and then nothing comes |
 * | `protocol` | what it says is not what RTSP says |
 * | `refused` | it answered with an error that no other code names, such as too many clients |
 * | `unauthorized` | name or password are wrong, or have no right to this stream |
 * | `insecure` | it wants the password in the clear, on a connection that others can read |
 * | `not-found` | it has no such stream |
 * | `no-video` | the stream has no video |
 * | `codec` | the video is not H.264 |
 */
export type RtspErrorCode =
  | 'unreachable'
  | 'silent'
  | 'protocol'
  | 'refused'
  | 'unauthorized'
  | 'insecure'
  | 'not-found'
  | 'no-video'
  | 'codec';

/** What is wrong with the camera, where it is something that people who look after it have to know. */
const FAULTS: Partial<Record<RtspErrorCode, CameraFault>> = {
  unreachable: 'unreachable',
  unauthorized: 'auth',
  insecure: 'auth',
  codec: 'codec',
};

/** Only somebody at the camera or at our settings can help; trying again soon is of no use and may lock the account. */
const LASTING: ReadonlySet<RtspErrorCode> = new Set([
  'unauthorized',
  'insecure',
  'not-found',
  'no-video',
  'codec',
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
  get fault(): CameraFault | undefined {
    return FAULTS[this.code];
  }

  /** It will be the same until somebody changes something. */
  get isLasting(): boolean {
    return LASTING.has(this.code);
  }
}

/** What an answer's status says. */
export function toRtspError(status: number): RtspError {
  if (status === 401 || status === 403) return new RtspError('unauthorized', String(status));
  if (status === 404 || status === 410) return new RtspError('not-found', String(status));
  return new RtspError('refused', String(status));
}
