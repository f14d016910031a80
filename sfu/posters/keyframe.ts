/** One keyframe as it came from a camera, in the form in which ffmpeg reads it from a pipe. */
export interface Keyframe {
  /** `h264`: an Annex B byte stream. `ivf`: VP8 in an IVF file of one frame. */
  format: 'h264' | 'ivf';
  bytes: Buffer;
}

/** What may become of the payloads of one picture: whole, or nothing at all. */
export type Depacketised = Keyframe | undefined;
