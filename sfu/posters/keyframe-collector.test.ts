import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KeyframeCollector } from './keyframe-collector.ts';

const START_CODE = Buffer.from([0, 0, 0, 1]);
const [NON_IDR, IDR, SEI, SPS, PPS] = [1, 5, 6, 7, 8];

/** A NAL unit; its bytes say nothing, as far as RTP is concerned. */
const unit = (type = 0, bytes: Iterable<number> = [1, 2, 3]) => Buffer.from([0x60 | type, ...bytes]);

function stapA(units: readonly Buffer[]): Buffer {
  const parts = units.map((it) => Buffer.concat([Buffer.from([it.length >> 8, it.length & 0xff]), it]));
  return Buffer.concat([Buffer.from([0x78]), ...parts]);
}

function fuA(whole: Buffer, size: number): Buffer[] {
  const [header = 0] = whole;
  const parts: Buffer[] = [];
  for (let at = 1; at < whole.length; at += size) {
    const flags = (at === 1 ? 0x80 : 0) | (at + size >= whole.length ? 0x40 : 0);
    const head = Buffer.from([(header & 0xe0) | 28, flags | (header & 0x1f)]);
    parts.push(Buffer.concat([head, whole.subarray(at, at + size)]));
  }
  return parts;
}

interface Sent {
  sequence: number;
  timestamp: number;
  marker?: boolean;
  payload: Buffer;
}

function rtp({ sequence, timestamp, marker = false, payload }: Sent): Buffer {
  const header = Buffer.alloc(12);
  header[0] = 0x80;
  header[1] = (marker ? 0x80 : 0) | 96;
  header.writeUInt16BE(sequence & 0xffff, 2);
  header.writeUInt32BE(timestamp >>> 0, 4);
  header.writeUInt32BE(7, 8);
  return Buffer.concat([header, payload]);
}

/** A picture's packets, the last one marked unless told otherwise. */
const picture = (payloads: readonly Buffer[], at: { sequence: number; timestamp: number }, isMarked = true) =>
  payloads.map((payload, index) =>
    rtp({
      sequence: at.sequence + index,
      timestamp: at.timestamp,
      marker: isMarked && index === payloads.length - 1,
      payload,
    }),
  );

function collect(packets: readonly Buffer[], mimeType = 'video/H264') {
  const collector = KeyframeCollector.of(mimeType);
  if (!collector) throw new Error(`no collector for ${mimeType}`);
  for (const packet of packets) collector.push(packet);
  return collector;
}

const keyframe = [
  unit(SPS),
  unit(PPS),
  unit(
    IDR,
    Array.from({ length: 50 }, (_, i) => i),
  ),
];
const delta = [unit(NON_IDR)];
const bytesOf = (units: readonly Buffer[]) => Buffer.concat(units.flatMap((it) => [START_CODE, it]));

const anyBytes = fc.uint8Array({ minLength: 2, maxLength: 120 });
const anyKeyframe = fc
  .tuple(fc.array(anyBytes, { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([slices, hasSei]) => [
    unit(SPS, [9, 9]),
    unit(PPS, [8]),
    ...(hasSei ? [unit(SEI, [5, 5])] : []),
    ...slices.map((bytes) => unit(IDR, bytes)),
  ]);
/** The same units in any of the ways that RFC 6184 knows. */
const anyPayloads = anyKeyframe.chain((units) =>
  fc
    .tuple(fc.integer({ min: 1, max: 40 }), fc.boolean(), fc.boolean())
    .map(([size, isAggregated, isFragmented]) => {
      const head = units.slice(0, 2);
      const rest = units.slice(2);
      const payloads = [
        ...(isAggregated ? [stapA(head)] : head),
        ...rest.flatMap((it) => (isFragmented && it.length > 2 ? fuA(it, size) : [it])),
      ];
      return { units, payloads };
    }),
);

describe('an H.264 keyframe', () => {
  test('is what was packetised, in whatever order its packets come, also around the end of the numbers', () => {
    fc.assert(
      fc.property(
        anyPayloads,
        fc.nat(0xffff),
        fc.nat(0xffff_ffff),
        fc.infiniteStream(fc.nat()),
        (it, sequence, timestamp, random) => {
          const [first, ...rest] = picture(it.payloads, { sequence, timestamp });
          if (!first) return;
          const mixed = rest
            .map((packet) => ({ packet, rank: random.next().value ?? 0 }))
            .toSorted((a, b) => a.rank - b.rank)
            .map(({ packet }) => packet);
          const found = collect([first, ...mixed]).keyframe;
          expect(found?.format).toBe('h264');
          expect(found?.bytes.equals(bytesOf(it.units))).toBe(true);
        },
      ),
    );
  });

  test('with any packet missing is none, and the next whole one is taken', () => {
    fc.assert(
      fc.property(anyPayloads, fc.nat(), ({ payloads, units }, pick) => {
        const packets = picture(payloads, { sequence: 10, timestamp: 1_000 });
        const lost = packets.toSpliced(pick % packets.length, 1);
        const after = picture(delta, { sequence: 10 + packets.length, timestamp: 2_000 });
        const collector = collect([...lost, ...after]);
        expect(collector.keyframe).toBeUndefined();
        for (const packet of picture(payloads, { sequence: 500, timestamp: 9_000 })) collector.push(packet);
        expect(collector.keyframe?.bytes.equals(bytesOf(units))).toBe(true);
      }),
    );
  });

  test('is never made of two pictures, whatever is lost', () => {
    const first = [unit(SPS, [1]), unit(PPS, [1]), unit(IDR, [1, 1, 1])];
    const second = [unit(SPS, [2]), unit(PPS, [2]), unit(IDR, [2, 2, 2])];
    const packets = [
      ...picture(first, { sequence: 1, timestamp: 1_000 }),
      ...picture(delta, { sequence: 4, timestamp: 2_000 }),
      ...picture(second, { sequence: 5, timestamp: 3_000 }),
      ...picture(delta, { sequence: 8, timestamp: 4_000 }),
    ];
    fc.assert(
      fc.property(fc.subarray(packets), (some) => {
        const { keyframe: found } = collect(some);
        if (found) expect([bytesOf(first), bytesOf(second)].some((it) => it.equals(found.bytes))).toBe(true);
      }),
    );
  });

  test('without a mark ends where the next picture begins', () => {
    const packets = [
      ...picture(keyframe, { sequence: 1, timestamp: 1_000 }, false),
      ...picture(delta, { sequence: 4, timestamp: 2_000 }),
    ];
    expect(collect(packets).keyframe?.bytes.equals(bytesOf(keyframe))).toBe(true);
  });

  test.each([
    ['without parameter sets', [unit(IDR)]],
    ['without a picture parameter set', [unit(SPS), unit(IDR)]],
    ['without a slice', [unit(SPS), unit(PPS)]],
    ['with a slice that refers to another picture', [...keyframe, unit(NON_IDR)]],
    ['in interleaved mode', [unit(SPS), unit(25)]],
    ['in an empty aggregate', [stapA([])]],
    ['in a cut aggregate', [stapA([unit(SPS), unit(PPS)]).subarray(0, 5)]],
    ['whose fragment has no beginning', [unit(SPS), unit(PPS), ...fuA(unit(IDR, [1, 2, 3, 4]), 2).slice(1)]],
    ['whose fragment has no end', [unit(SPS), unit(PPS), ...fuA(unit(IDR, [1, 2, 3, 4]), 2).slice(0, 1)]],
  ])('%s is none', (_, payloads) => {
    expect(collect(picture(payloads, { sequence: 1, timestamp: 1 })).keyframe).toBeUndefined();
  });

  test('tells the frame rate by the pictures that follow', () => {
    const collector = collect(picture(keyframe, { sequence: 1, timestamp: 0xffff_ff00 }));
    for (let n = 1; n <= 6; n++) {
      expect(collector.fps).toBe(n < 5 ? undefined : 15);
      const [packet] = picture(delta, { sequence: 3 + n, timestamp: 0xffff_ff00 + n * 6_000 });
      if (packet) collector.push(packet);
    }
  });
});

describe('a VP8 keyframe', () => {
  const frame = (body: readonly number[]) =>
    Buffer.from([0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xb4, 0x00, ...body]);
  /** Payload descriptors: none, with a picture id of one byte or two, with everything. */
  const descriptors = [[0x00], [0x80, 0x80, 0x05], [0x80, 0x80, 0x85, 0x06], [0x80, 0xf0, 0x05, 0x01, 0x20]];
  const packetise = (bytes: Buffer, descriptor: readonly number[], size: number) => {
    const payloads: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      const [first = 0, ...more] = descriptor;
      payloads.push(
        Buffer.concat([Buffer.from([first | (at === 0 ? 0x10 : 0), ...more]), bytes.subarray(at, at + size)]),
      );
    }
    return payloads;
  };

  test('is an IVF file with the frame that was packetised and its size', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(255), { maxLength: 200 }),
        fc.constantFrom(...descriptors),
        fc.integer({ min: 1, max: 60 }),
        (body, descriptor, size) => {
          const whole = frame(body);
          const { keyframe: found } = collect(
            picture(packetise(whole, descriptor, size), { sequence: 65_530, timestamp: 5 }),
            'video/VP8',
          );
          expect(found?.format).toBe('ivf');
          expect(found?.bytes.subarray(0, 4).toString()).toBe('DKIF');
          expect(found?.bytes.readUInt16LE(12)).toBe(320);
          expect(found?.bytes.readUInt16LE(14)).toBe(180);
          expect(found?.bytes.readUInt32LE(32)).toBe(whole.length);
          expect(found?.bytes.subarray(44).equals(whole)).toBe(true);
        },
      ),
    );
  });

  test('is not what refers to another picture', () => {
    const inter = frame([1, 2, 3]);
    inter[0] = 0x11;
    expect(
      collect(picture(packetise(inter, [0], 8), { sequence: 1, timestamp: 1 }), 'video/VP8').keyframe,
    ).toBeUndefined();
  });
});

test('garbage is passed over, in every codec', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 30 }), (packets) => {
      for (const mimeType of ['video/H264', 'video/VP8'])
        collect(
          packets.map((it) => Buffer.from(it)),
          mimeType,
        );
    }),
  );
  // As payloads of RTP packets as well: what is not refused must at least be no more than was sent.
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 10 }),
      (payloads) => {
        const packets = picture(
          payloads.map((it) => Buffer.from(it)),
          { sequence: 1, timestamp: 1 },
        );
        for (const mimeType of ['video/H264', 'video/VP8']) collect(packets, mimeType);
      },
    ),
  );
  expect(KeyframeCollector.of('video/AV1')).toBeUndefined();
});
