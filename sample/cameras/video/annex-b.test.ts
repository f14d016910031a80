import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createNalSplitter, parseAccessUnits, toByteStream } from './annex-b.ts';

/** A unit as an encoder may write it: no start code inside, no zero at its end. */
const anyNal = fc
  .uint8Array({ minLength: 1, maxLength: 60 })
  .filter((bytes) => bytes.at(-1) !== 0 && !Buffer.from(bytes).includes(Buffer.from([0, 0])))
  .map((bytes) => Buffer.from(bytes));

test('units come out as they went in, however the stream is cut', () => {
  fc.assert(
    fc.property(
      fc.array(anyNal, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 40 }),
      (nals, step) => {
        const stream = toByteStream(nals);
        const splitter = createNalSplitter();
        const out: Buffer[] = [];
        for (let at = 0; at < stream.length; at += step)
          out.push(...splitter.push(stream.subarray(at, at + step)));
        out.push(...splitter.end());
        expect(out.map(String)).toEqual(nals.map(String));
      },
    ),
  );
});

test('start codes of three bytes are understood', () => {
  const stream = Buffer.from([0, 0, 1, 0x67, 7, 0, 0, 1, 0x68, 8, 0, 0, 1, 0x65, 9]);
  expect(parseAccessUnits(stream)).toEqual([
    { key: true, nals: [Buffer.from([0x67, 7]), Buffer.from([0x68, 8]), Buffer.from([0x65, 9])] },
  ]);
});

test('a picture is its parameter sets and its slice; remarks and delimiters are left out', () => {
  const [sps, pps, sei, delimiter] = [0x67, 0x68, 0x06, 0x09].map((head) => Buffer.from([head, 1]));
  const [idr, slice] = [0x65, 0x41].map((head) => Buffer.from([head, 2]));
  if (!sps || !pps || !sei || !delimiter || !idr || !slice) throw new Error('unreachable');
  const units = parseAccessUnits(toByteStream([delimiter, sps, pps, sei, idr, delimiter, slice, slice]));
  expect(units).toEqual([
    { key: true, nals: [sps, pps, idr] },
    { key: false, nals: [slice] },
    { key: false, nals: [slice] },
  ]);
});

test('what is no stream holds no picture', () => {
  expect(parseAccessUnits(Buffer.alloc(0))).toEqual([]);
  expect(parseAccessUnits(Buffer.from('not a stream'))).toEqual([]);
});
