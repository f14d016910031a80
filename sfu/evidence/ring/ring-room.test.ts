import { beforeEach, describe, expect, test } from 'vitest';
import { SrtpSealer } from '../../test/fixtures/srtp-sealer.ts';
import { SEGMENT_BYTES } from './packet-store.ts';
import type { FromRingThread, TapedPicture } from './ring-messages.ts';
import { RingRoom } from './ring-room.ts';
import { MASTER_BYTES } from './srtp-keys.ts';

/** A baseline parameter set of 320 × 180, and what else a keyframe begins with. */
const SPS = Buffer.from('6742c00cda05067e7c0440000003004000000783c50aa8', 'hex');
const PPS = Buffer.from('68ce0fc8', 'hex');
const PORT = 50_000;
const SSRC = 7;
/** Between two pictures, and pictures from one keyframe to the next. */
const STEP_MS = 100;
const KEYFRAME_EVERY = 10;
const MASTER = Buffer.alloc(MASTER_BYTES, 3);

let told: FromRingThread[];
let room: RingRoom;
let key: Uint8Array;
let bytes: Int32Array;

beforeEach(() => {
  told = [];
  room = new RingRoom((message) => told.push(message));
  key = Uint8Array.from(MASTER);
  bytes = new Int32Array(new SharedArrayBuffer(4));
  room.handle({ type: 'bounds', preMs: 3_000, bytes: 100 * SEGMENT_BYTES }, 0);
  begin(1, PORT);
});

function begin(tape: number, port: number): void {
  room.handle({ type: 'begin', tape, line: 1, port, ssrc: SSRC, codec: 'h264', key }, 0);
}

/** A picture of three packets or five, sealed: which one it is stands in its slices. */
function packetsOf(picture: number, sealer = new SrtpSealer(MASTER)): Buffer[] {
  const isKey = picture % KEYFRAME_EVERY === 0;
  const slices = [0, 1, 2].map((part) =>
    Buffer.concat([Buffer.from([isKey ? 0x65 : 0x41, picture, part]), Buffer.alloc(900, 5)]),
  );
  const payloads = isKey ? [SPS, PPS, ...slices] : slices;
  const first = 65_400 + 3 * picture + 2 * Math.ceil(picture / KEYFRAME_EVERY);
  return payloads.map((payload, index) => {
    const header = Buffer.alloc(12);
    header[0] = 0x80;
    header[1] = (index === payloads.length - 1 ? 0x80 : 0) | 101;
    header.writeUInt16BE((first + index) & 0xffff, 2);
    header.writeUInt32BE(picture * 9_000, 4);
    header.writeUInt32BE(SSRC, 8);
    return sealer.seal(Buffer.concat([header, payload]), Math.floor((first + index) / 0x1_0000));
  });
}

function send(from: number, to: number, port = PORT): void {
  for (let picture = from; picture < to; picture++) {
    const atMs = picture * STEP_MS;
    for (const packet of packetsOf(picture)) room.handleDatagram(packet, port, atMs);
    if (picture % KEYFRAME_EVERY === 0) room.handle({ type: 'keyframe', tape: 1 }, atMs);
    if (picture % KEYFRAME_EVERY === 9) room.forgetOld(atMs);
  }
}

const keep = () => room.handle({ type: 'keep', line: 1, bytes }, 0);
const join = (fromMs: number, nowMs: number) =>
  room.handle({ type: 'join', taker: 9, line: 1, fromMs }, nowMs);
const given = (): TapedPicture[] =>
  told.flatMap((message) => (message.type === 'pictures' ? message.pictures : []));
/** Which pictures were given: when they came tells. */
const numbers = () => given().map(({ atMs }) => atMs / STEP_MS);
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

describe('pictures', () => {
  test('that were kept come from the last keyframe before what is asked for on, and then those that come', () => {
    keep();
    send(0, 55);
    expect(given()).toEqual([]);
    join(3_500, 5_500);
    expect(numbers()).toEqual(range(30, 55));
    expect(told.at(-1)).toEqual({ type: 'caught-up', taker: 9 });
    send(55, 70);
    expect(numbers()).toEqual(range(30, 70));
    room.handle({ type: 'leave', taker: 9 }, 0);
    send(70, 80);
    expect(numbers()).toEqual(range(30, 70));
    expect(given().every(({ tape }) => tape === 1)).toBe(true);
  });

  test('come to those who join though nothing is kept, from the next keyframe on', () => {
    send(0, 5);
    join(0, 500);
    send(5, 20);
    expect(numbers()).toEqual(range(10, 20));
    expect(bytes[0]).toBe(0);
  });

  test('go on over the next tape of the feed', () => {
    keep();
    send(0, 20);
    room.handle({ type: 'end', tape: 1 }, 0);
    send(20, 30);
    begin(2, PORT + 1);
    send(30, 40, PORT + 1);
    join(0, 3_000);
    expect(numbers()).toEqual([...range(0, 20), ...range(30, 40)]);
    expect(new Set(given().map(({ tape }) => tape))).toEqual(new Set([1, 2]));
  });
});

describe('what is kept', () => {
  test('is bounded in time: by the last keyframe that is old enough', () => {
    keep();
    send(0, 200);
    join(0, 20_000);
    expect(numbers()).toEqual(range(170, 200));
    // A second is added to what is asked for, because word of a keyframe goes another way, and a piece of memory.
    expect(bytes[0]).toBeLessThan(SEGMENT_BYTES * 7);
    expect(bytes[0]).toBeGreaterThan(SEGMENT_BYTES * 2);
  });

  test('is bounded in bytes', () => {
    room.handle({ type: 'bounds', preMs: 60_000, bytes: 3 * SEGMENT_BYTES }, 0);
    keep();
    send(0, 200);
    expect(bytes[0]).toBe(3 * SEGMENT_BYTES);
    join(0, 20_000);
    expect(numbers().at(-1)).toBe(199);
  });

  test('is forgotten when nothing comes any more, and its tape is let go', () => {
    keep();
    send(0, 20);
    room.handle({ type: 'end', tape: 1 }, 2_000);
    expect(told).toEqual([]);
    room.forgetOld(60_000);
    expect(told).toEqual([{ type: 'gone', tape: 1 }]);
    expect(bytes[0]).toBe(0);
  });

  test('is nothing after it was wiped, nor can what was kept be opened once the key is overwritten', () => {
    keep();
    send(0, 20);
    key.fill(0);
    join(0, 2_000);
    expect(given()).toEqual([]);
    key.set(MASTER);
    room.handle({ type: 'leave', taker: 9 }, 0);
    room.handle({ type: 'wipe', line: 1 }, 0);
    expect(bytes[0]).toBe(0);
    join(0, 2_000);
    expect(given()).toEqual([]);
    send(20, 25);
    expect(bytes[0]).toBe(0);
  });
});

describe('garbage', () => {
  test('from other ports, of other sources, of other keys and of no form changes nothing', () => {
    keep();
    const stranger = new SrtpSealer(Buffer.alloc(MASTER_BYTES, 9));
    for (let picture = 0; picture < 30; picture++) {
      const atMs = picture * STEP_MS;
      const packets = packetsOf(picture);
      for (const packet of packets) {
        room.handleDatagram(packet, PORT + 1, atMs);
        const other = Buffer.from(packet);
        other.writeUInt32BE(SSRC + 1, 8);
        room.handleDatagram(other, PORT, atMs);
        room.handleDatagram(packet.subarray(0, 11), PORT, atMs);
        const report = Buffer.from(packet);
        report[1] = 200;
        room.handleDatagram(report, PORT, atMs);
      }
      for (const packet of packetsOf(picture, stranger)) room.handleDatagram(packet, PORT, atMs);
      for (const packet of packets) room.handleDatagram(packet, PORT, atMs);
    }
    join(0, 3_000);
    expect(numbers()).toEqual(range(0, 30));
    expect(told.filter(({ type }) => type === 'broken')).toEqual([]);
  });
});

test('a keyframe is asked for after a loss', () => {
  keep();
  send(0, 3);
  send(4, 12);
  expect(told).toEqual([{ type: 'broken', tape: 1 }]);
});
