import { LOOP_FRAMES } from '../picture/scene.ts';
import { packetise } from '../rtp/packetiser.ts';
import { parseAccessUnits } from './annex-b.ts';
import { GOP_FRAMES } from './encoder.ts';

/** A picture, ready to be sent: its packets want only their headers stamped. */
export interface ClipFrame {
  readonly key: boolean;
  readonly packets: readonly Buffer[];
}

/** A loop of one layer of an area's video. */
export interface Clip {
  readonly frames: readonly ClipFrame[];
  /** Memory that the packets take. */
  readonly bytes: number;
}

/** Makes a clip of an H.264 byte stream; undefined when that is not a whole loop with a keyframe every second. */
export function toClip(stream: Buffer): Clip | undefined {
  const units = parseAccessUnits(stream);
  const isWhole =
    units.length === LOOP_FRAMES && units.every(({ key }, index) => key === (index % GOP_FRAMES === 0));
  if (!isWhole) return undefined;
  const frames = units.map((unit) => ({ key: unit.key, packets: packetise(unit) }));
  const bytes = frames.reduce(
    (sum, { packets }) => packets.reduce((part, { length }) => part + length, sum),
    0,
  );
  return { frames, bytes };
}
