import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sightSlice } from './b-slices.ts';
import { rtpPayload } from './rtp-payload.ts';

/** Exp-Golomb (ITU-T H.264, 9.1) as a text of bits. */
const golomb = (value: number) => {
  const bits = (value + 1).toString(2);
  return '0'.repeat(bits.length - 1) + bits;
};
/** A NAL unit that begins a slice. */
function slice(firstMacroblock: number, type: number, nalType = 1): Uint8Array {
  const bits = `${golomb(firstMacroblock)}${golomb(type)}1010`;
  const bytes = bits.match(/.{1,8}/g)?.map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2)) ?? [];
  return Uint8Array.from([0x60 | nalType, ...bytes]);
}
const aggregate = (...nals: Uint8Array[]) =>
  Uint8Array.from([0x78, ...nals.flatMap((nal) => [nal.length >> 8, nal.length & 0xff, ...nal])]);
const fragment = (nal: Uint8Array, start: boolean) =>
  Uint8Array.from([0x7c, (start ? 0x80 : 0) | ((nal[0] ?? 0) & 0x1f), ...nal.subarray(1)]);

describe('sightSlice', () => {
  it.each([
    [0, 'slice'],
    [5, 'slice'],
    [2, 'slice'],
    [7, 'slice'],
    [1, 'b-slice'],
    [6, 'b-slice'],
  ])('knows slice type %i', (type, sight) => {
    expect(sightSlice(slice(0, type))).toBe(sight);
    expect(sightSlice(slice(8_159, type))).toBe(sight);
    expect(sightSlice(fragment(slice(0, type), true))).toBe(sight);
  });

  it('looks into aggregates', () => {
    const parameterSet = Uint8Array.from([0x67, 0x42, 0xc0, 0x0c]);
    expect(sightSlice(aggregate(parameterSet, slice(0, 7, 5)))).toBe('slice');
    expect(sightSlice(aggregate(slice(0, 5), slice(40, 6)))).toBe('b-slice');
  });

  it.each([
    ['the rest of a fragmented slice', fragment(slice(0, 6), false)],
    ['a parameter set', Uint8Array.from([0x67, 0x42, 0xc0, 0x0c])],
    ['an access unit delimiter', Uint8Array.from([0x09, 0xf0])],
    ['a slice of an unknown type', slice(0, 10)],
    ['zeros', Uint8Array.from([0x61, 0, 0, 0, 0, 0, 0, 0])],
    ['nothing', new Uint8Array(0)],
    ['an aggregate that ends early', Uint8Array.from([0x78, 0xff, 0xff, 0x61])],
  ])('sees none in %s', (_what, payload) => {
    expect(sightSlice(payload)).toBe('none');
  });

  it('bears any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(['none', 'slice', 'b-slice']).toContain(sightSlice(bytes));
      }),
    );
  });
});

describe('rtpPayload', () => {
  const header = (first: number) => [first, 96, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3];

  it.each([
    ['a plain packet', [...header(0x80), 7, 8]],
    ['contributing sources', [...header(0x82), ...[0, 0, 0, 1, 0, 0, 0, 2], 7, 8]],
    ['a header extension', [...header(0x90), ...[0xbe, 0xde, 0, 1, 1, 2, 3, 4], 7, 8]],
    ['padding', [...header(0xa0), 7, 8, 0, 0, 3]],
  ])('is found in %s', (_what, bytes) => {
    expect([...(rtpPayload(Buffer.from(bytes)) ?? [])]).toEqual([7, 8]);
  });

  it.each([
    ['no packet', [1, 2, 3]],
    ['STUN', [...header(0x00), 1]],
    ['nothing but a header', header(0x80)],
    ['an extension that is cut off', [...header(0x90), 0xbe]],
    ['more padding than there is', [...header(0xa0), 7, 200]],
  ])('is not there in %s', (_what, bytes) => {
    expect(rtpPayload(Buffer.from(bytes))).toBeUndefined();
  });
});
