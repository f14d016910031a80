import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AnnexB } from './annex-b.ts';
import { FlvReader } from './flv.ts';
import { toPackets, toSenderReport } from './rtp-packets.ts';

const HEADER = Buffer.from([...Buffer.from('FLV'), 1, 1, 0, 0, 0, 9, 0, 0, 0, 0]);
const SETS = [Buffer.from([0x67, 1, 2, 3]), Buffer.from([0x68, 4])];

function tag(type: number, atMs: number, body: Buffer): Buffer {
  const header = Buffer.alloc(11);
  header[0] = type;
  header.writeUIntBE(body.length, 1, 3);
  header.writeUIntBE(atMs % 0x100_0000, 4, 3);
  header[7] = Math.floor(atMs / 0x100_0000);
  return Buffer.concat([header, body, Buffer.alloc(4)]);
}

const sets = Buffer.concat([
  Buffer.from([0x17, 0, 0, 0, 0, 1, 66, 0, 30, 0xff, 0xe1, 0, 4]),
  SETS[0] ?? Buffer.alloc(0),
  Buffer.from([1, 0, 2]),
  SETS[1] ?? Buffer.alloc(0),
]);

function picture(units: readonly Buffer[]): Buffer {
  const sized = units.flatMap((unit) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(unit.length);
    return [length, unit];
  });
  return Buffer.concat([Buffer.from([0x27, 1, 0, 0, 0]), ...sized]);
}

function cut(data: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0, index = 0; at < data.length; index += 1) {
    const size = sizes[index % sizes.length] ?? 1;
    chunks.push(data.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

const unit = fc
  .tuple(fc.constantFrom(0x41, 0x65), fc.integer({ min: 1, max: 4_000 }))
  .map(([type, length]) => Buffer.alloc(length + 1, 7).fill(type, 0, 1));

test('pictures come out as they went in, however they were cut, and go through RTP as they are', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(unit, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 9_000 }), { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 0, max: 0x1_ffff }),
      (given, sizes, sequence) => {
        const first = 0xff_fff0;
        const tags = given.map((units, index) => tag(9, first + 9 * index, picture(units)));
        const stream = Buffer.concat([HEADER, tag(18, 0, Buffer.from('meta')), tag(9, 0, sets), ...tags]);
        const reader = new FlvReader();
        const pictures = cut(stream, sizes).flatMap((chunk) => reader.push(chunk));
        const expected = given.map((units) =>
          units.some(([type]) => type === 0x65) ? [...SETS, ...units] : units,
        );
        expect(pictures.map(({ units }) => units)).toEqual(expected);
        expect(pictures.map(({ atMs }) => atMs)).toEqual(given.map((_, index) => first + 9 * index));

        for (const units of expected) {
          const packets = toPackets(units, { payloadType: 96, ssrc: 5, sequence, ticks: 2 ** 32 + 3 });
          expect(packets.every(({ length }) => length <= 1_200)).toBe(true);
          expect(packets.map((packet) => packet.readUInt16BE(2))).toEqual(
            packets.map((_, index) => (sequence + index) % 0x1_0000),
          );
          expect(packets.map((packet) => (packet[1] ?? 0) >> 7)).toEqual(
            packets.map((_, index) => (index === packets.length - 1 ? 1 : 0)),
          );
          expect(packets.every((packet) => packet.readUInt32BE(4) === 3)).toBe(true);
          const annexB = new AnnexB();
          annexB.push(SETS[0] ?? Buffer.alloc(0), { marker: false, isContinuous: true });
          const out = packets.flatMap((packet) =>
            annexB.push(packet.subarray(12), { marker: false, isContinuous: true }),
          );
          expect(out.filter((_, index) => index % 2 === 1)).toEqual(units);
        }
      },
    ),
  );
});

test('anything else is refused', () => {
  expect(() => new FlvReader().push(Buffer.from('no such stream'))).toThrow(TypeError);
  const cutUnit = tag(9, 0, Buffer.from([0x27, 1, 0, 0, 0, 0, 0, 1, 0, 65]));
  expect(() => new FlvReader().push(Buffer.concat([HEADER, cutUnit]))).toThrow(TypeError);
  const huge = Buffer.from([9, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0]);
  expect(() => new FlvReader().push(Buffer.concat([HEADER, huge]))).toThrow(TypeError);
});

test('a report names the instant of a tick', () => {
  const now = Date.parse('1970-01-02T00:00:00.500Z');
  const report = toSenderReport({ ssrc: 5, now, ticks: 2 ** 32 + 7, packets: 3, bytes: 900 });
  expect([report.length, report[1], report.readUInt16BE(2)]).toEqual([28, 200, 6]);
  expect([8, 12, 16, 20, 24].map((at) => report.readUInt32BE(at))).toEqual([
    2_208_988_800 + 86_400,
    2 ** 31,
    7,
    3,
    900,
  ]);
});
