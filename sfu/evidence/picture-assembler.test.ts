import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Picture } from './picture.ts';
import { PictureAssembler } from './picture-assembler.ts';

/** A baseline parameter set of 320 × 180, and what else a picture is made of; the slices say which picture they are of. */
const SPS = Buffer.from('6742c00cda05067e7c0440000003004000000783c50aa8', 'hex');
const PPS = Buffer.from('68ce0fc8', 'hex');
const STEP = 6_000;

interface Sent {
  sequence: number;
  packet: Buffer;
}

/** Pictures of one to three packets, every eighth a keyframe; numbers and times run over on the way. */
function send(count: number): Sent[] {
  const sent: Sent[] = [];
  let sequence = 65_530;
  for (let picture = 0; picture < count; picture++) {
    const isKey = picture % 8 === 0;
    const slices = Array.from({ length: 1 + (picture % 3) }, (_, part) =>
      Buffer.from([isKey ? 0x65 : 0x41, picture, part]),
    );
    const payloads = isKey ? [SPS, PPS, ...slices] : slices;
    for (const [index, payload] of payloads.entries()) {
      const header = Buffer.alloc(12);
      header[0] = 0x80;
      header[1] = (index === payloads.length - 1 ? 0x80 : 0) | 96;
      header.writeUInt16BE(sequence & 0xffff, 2);
      header.writeUInt32BE((0xffff_f000 + picture * STEP) >>> 0, 4);
      sent.push({ sequence, packet: Buffer.concat([header, payload]) });
      sequence++;
    }
  }
  return sent;
}

function receive(packets: readonly Sent[], stepMs = 1): { pictures: Picture[]; broken: number } {
  let broken = 0;
  const assembler = new PictureAssembler('h264', () => {
    broken++;
  });
  const pictures = packets.flatMap(({ packet }, index) =>
    assembler.push(packet, { atMs: index * stepMs, layer: 'low' }),
  );
  return { pictures, broken };
}

/** Which picture it is: what its last slice says. */
const numberOf = ({ bytes }: Picture) => bytes.at(-2);

test('whole pictures come out, in their order, over the ends of sequence numbers and times', () => {
  const { pictures, broken } = receive(send(40));
  expect(pictures.map(numberOf)).toEqual(Array.from({ length: 40 }, (_, index) => index));
  expect(broken).toBe(0);
  expect(pictures[0]?.format).toEqual({ codec: 'h264', codecString: 'avc1.42c00c', width: 320, height: 180 });
  expect(pictures[1]?.format).toBeUndefined();
});

test('packets that overtake each other, or come twice, change nothing', () => {
  const sent = send(24);
  const whole = receive(sent).pictures.map(({ bytes, timestamp }) => ({ bytes, timestamp }));
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 3 }), { minLength: sent.length, maxLength: sent.length }),
      (delays) => {
        const late = sent
          // The first packet tells where it begins.
          .map((one, index) => ({
            one,
            place: index === 0 ? -1 : index + (delays[index] ?? 0) + index / 1_000,
          }))
          .toSorted((a, b) => a.place - b.place)
          .map(({ one }) => one);
        const twice = late.flatMap((one, index) => (delays[index] === 0 ? [one, one] : [one]));
        const { pictures } = receive(twice);
        expect(pictures.map(({ bytes, timestamp }) => ({ bytes, timestamp }))).toEqual(whole);
      },
    ),
  );
});

test('after a loss nothing comes until the next keyframe, and one is asked for', () => {
  const sent = send(32);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: sent.length - 1 }), (lost) => {
      const { pictures, broken } = receive(
        sent.filter((_, index) => index !== lost),
        100,
      );
      const numbers = pictures.map((one) => numberOf(one) ?? 0);
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      // Whatever refers to a picture that is not there is not there either.
      for (const number of numbers) {
        const key = number - (number % 8);
        for (let one = key; one <= number; one++) expect(numbers).toContain(one);
      }
      const keptAll = numbers.length === 32;
      expect(broken > 0 || keptAll || numbers.at(-1) !== 31 || !numbers.includes(0)).toBe(true);
    }),
  );
});

test.each([
  ['all keyframes but the first are torn', 8, 1],
  ['already the first one is torn', 0, 0],
])('when %s, another one is asked for again, and not with every picture', (_, tornFrom, whole) => {
  // A slice of each keyframe has its picture's number behind the type.
  const isTorn = ({ packet }: Sent) => packet[12] === 0x65 && (packet[13] ?? 0) >= tornFrom;
  const sent = send(80);
  const { pictures, broken } = receive(
    sent.filter((one) => !isTorn(one)),
    100,
  );
  expect(pictures.filter(({ format }) => format)).toHaveLength(whole);
  // In these 16 s: after 1, 3 and 7 s, and at once where one was whole before.
  expect(broken).toBeGreaterThanOrEqual(3);
  expect(broken).toBeLessThanOrEqual(6);
});

test('nothing that is no RTP packet throws', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 30 }), (packets) => {
      const assembler = new PictureAssembler('vp8', () => undefined);
      for (const packet of packets) assembler.push(Buffer.from(packet), { atMs: 0, layer: undefined });
    }),
  );
});
