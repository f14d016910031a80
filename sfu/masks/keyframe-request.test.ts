import { expect, test } from 'vitest';
import { asksForKeyframe } from './keyframe-request.ts';

/** A receiver report without blocks. */
const REPORT = '80c9000100000001';
const PLI = '81ce00020000000100000002';
const FIR = '84ce0004000000010000000000000002' + '01000000';
const NACK = '81cd0003000000010000000200010000';

test('PLI and FIR ask for a keyframe, wherever in a packet they stand, and nothing else does', () => {
  const asked = (hex: string) => asksForKeyframe(Buffer.from(hex, 'hex'));
  expect([PLI, FIR, REPORT + PLI].map(asked)).toEqual([true, true, true]);
  expect(['', '81', REPORT, NACK, REPORT + NACK, REPORT + PLI.slice(0, 6)].map(asked)).toEqual(
    Array.from({ length: 6 }, () => false),
  );
});
