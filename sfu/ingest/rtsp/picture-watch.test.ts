import { beforeEach, describe, expect, it } from 'vitest';
import { PictureWatch } from './picture-watch.ts';

/** Slices with first_mb_in_slice 0 and slice_type 7 (I), 5 (P), 6 (B): `1` and then the number in Exp-Golomb code. */
const I = Buffer.from([0x65, 0b1000_1000]);
const P = Buffer.from([0x41, 0b1001_1000]);
const B = Buffer.from([0x01, 0b1001_1100]);
const FRAME = 6_000;

let faults: Set<string>;
let watch: PictureWatch;
let at = 0;

beforeEach(() => {
  faults = new Set();
  at = 0xffff_0000;
  watch = new PictureWatch((fault, isThere) => {
    if (isThere) faults.add(fault);
    else faults.delete(fault);
  });
});

function see(payload: Buffer): void {
  watch.see(payload, at >>> 0, payload === I);
  at += FRAME;
}

/** Groups of pictures, as long as said; between the keyframes `between`. */
function seeGroups(count: number, seconds: number, between: readonly Buffer[] = [P]): void {
  for (let group = 0; group < count; group += 1) {
    see(I);
    for (let frame = 1; frame < seconds * 15; frame += 1) see(between[frame % between.length] ?? P);
  }
}

describe('keyframes', () => {
  it('every 4 s are right, every 5 s are not, and then are again', () => {
    seeGroups(3, 4);
    expect([...faults]).toEqual([]);
    seeGroups(1, 5);
    expect([...faults]).toEqual(['keyframe-interval']);
    seeGroups(1, 2);
    expect([...faults]).toEqual(['keyframe-interval']);
    seeGroups(3, 2);
    expect([...faults]).toEqual([]);
  });

  it('that never come are found without waiting for the next one', () => {
    see(I);
    for (let frame = 0; frame < 15 * 5; frame += 1) see(P);
    expect([...faults]).toEqual(['keyframe-interval']);
  });

  it('of before and after a pause have nothing to do with each other', () => {
    seeGroups(1, 1);
    at += 90_000 * 60;
    watch.restart();
    seeGroups(2, 1);
    expect([...faults]).toEqual([]);
  });
});

describe('B-frames', () => {
  it('are found, and hold until there have been none for long', () => {
    seeGroups(1, 1, [P, B]);
    expect([...faults]).toEqual(['b-frames']);
    seeGroups(10, 1);
    expect([...faults]).toEqual(['b-frames']);
    seeGroups(10, 1);
    expect([...faults]).toEqual([]);
  });

  it('are no fault when there is only a slip of one', () => {
    see(I);
    see(B);
    seeGroups(3, 1);
    expect([...faults]).toEqual([]);
  });

  it('of many slices are counted once', () => {
    see(I);
    for (let slice = 0; slice < 8; slice += 1) watch.see(B, at >>> 0, false);
    at += FRAME;
    see(P);
    expect([...faults]).toEqual([]);
  });
});
