import type { ClipCodec, Picture } from '../picture.ts';

/** A stream of packets out of a media worker, with a key of its own. */
export interface TapeParts {
  tape: number;
  /** The feed that it is of: of several tapes of one, the later goes on where the earlier ended. */
  line: number;
  /** Where it comes from, on loopback. */
  port: number;
  ssrc: number;
  codec: ClipCodec;
  /** Master key and salt, in memory that both threads share: whoever overwrites it does so for both. */
  key: Uint8Array;
}

/** A picture, and the tape that it is of. */
export type TapedPicture = Picture & { tape: number };

/** What the thread of rings is told. Times: milliseconds since 1970. */
export type ToRingThread =
  /** Packets will come. */
  | ({ type: 'begin' } & TapeParts)
  /** None will come any more. */
  | { type: 'end'; tape: number }
  /** A keyframe has just been sent. */
  | { type: 'keyframe'; tape: number }
  /** Packets of a feed are kept from now on; `bytes` (one number, shared) is to say what they take of memory. */
  | { type: 'keep'; line: number; bytes: Int32Array }
  /** What is kept of a feed is overwritten, and nothing is kept any more. */
  | { type: 'wipe'; line: number }
  /** Pictures of a feed are wanted: those that are kept, from the last keyframe at or before `fromMs`, and what comes. */
  | { type: 'join'; taker: number; line: number; fromMs: number }
  | { type: 'leave'; taker: number }
  /** How far back, and how much of memory (bytes), is kept of each feed. */
  | { type: 'bounds'; preMs: number; bytes: number };

/** What the thread of rings tells. */
export type FromRingThread =
  /** It listens, on loopback. */
  | { type: 'ready'; port: number }
  | { type: 'pictures'; taker: number; pictures: TapedPicture[] }
  /** All that was kept has been given to a taker. */
  | { type: 'caught-up'; taker: number }
  /** Something of a tape was lost: a keyframe would help. */
  | { type: 'broken'; tape: number }
  /** Nothing is kept of a tape that has ended. */
  | { type: 'gone'; tape: number };
