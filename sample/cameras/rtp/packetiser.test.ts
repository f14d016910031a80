import fc from 'fast-check';
import { RtpPacket } from 'rtp.js/packets';
import { describe, expect, test } from 'vitest';
import { depacketise } from '../../test/fixtures/depacketise.ts';
import type { AccessUnit } from '../video/annex-b.ts';
import { MAX_PACKET_BYTES, packetise, stampHeader } from './packetiser.ts';

const SPS = Buffer.from([0x67, 0x42, 0xc0, 0x1f, 0xda]);
const PPS = Buffer.from([0x68, 0xce, 0x3c, 0x80]);

function slice(head: number, bytes: number): Buffer {
  return Buffer.from([head, ...Array.from({ length: bytes - 1 }, (_, index) => (index * 7) & 0xff)]);
}

function parse(packet: Buffer): RtpPacket {
  return new RtpPacket(new DataView(packet.buffer, packet.byteOffset, packet.byteLength));
}

function payload(packet: Buffer): Buffer {
  const view = parse(packet).getPayload();
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}

describe('packets of a picture', () => {
  test('hold its units, whatever their sizes, and keep to the limit', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.integer({ min: 2, max: 60_000 }), (key, bytes) => {
        const unit: AccessUnit = key
          ? { key, nals: [SPS, PPS, slice(0x65, bytes)] }
          : { key, nals: [slice(0x41, bytes)] };
        const packets = packetise(unit);
        expect(packets.every(({ length }) => length <= MAX_PACKET_BYTES)).toBe(true);
        expect(depacketise(packets.map(payload))).toEqual(unit.nals);
      }),
      { numRuns: 60 },
    );
  });

  test('parameter sets travel together in a STAP-A with the highest importance', () => {
    const [first] = packetise({ key: true, nals: [SPS, Buffer.from([0x28, 1]), slice(0x65, 10)] });
    expect(first && payload(first)[0]).toBe(0x60 | 24);
  });

  test('a lone parameter set needs no STAP-A', () => {
    const [first] = packetise({ key: true, nals: [SPS, slice(0x65, 10)] });
    expect(first && payload(first)).toEqual(SPS);
  });

  test('only the last packet carries the marker', () => {
    const packets = packetise({ key: true, nals: [SPS, PPS, slice(0x65, 5000)] });
    expect(packets.map((packet) => parse(packet).getMarker())).toEqual([
      ...Array.from({ length: packets.length - 1 }, () => false),
      true,
    ]);
  });

  test('a unit at the limit is whole, one byte more is cut in two', () => {
    const limit = MAX_PACKET_BYTES - 12;
    expect(packetise({ key: false, nals: [slice(0x41, limit)] })).toHaveLength(1);
    const parts = packetise({ key: false, nals: [slice(0x41, limit + 1)] });
    expect(parts).toHaveLength(2);
    // FU indicator with the unit's importance; S on the first, E on the last, R never.
    expect(parts.map((packet) => payload(packet).subarray(0, 2))).toEqual([
      Buffer.from([0x40 | 28, 0x80 | 1]),
      Buffer.from([0x40 | 28, 0x40 | 1]),
    ]);
  });
});

test('stamping writes type, number, time and source, and leaves the marker and the content alone', () => {
  const [packet] = packetise({ key: false, nals: [slice(0x41, 20)] });
  if (!packet) throw new Error('no packet');
  const before = payload(packet);
  stampHeader(packet, { payloadType: 96, sequence: 0x1_0005, timestamp: 0x1_0000_0007, ssrc: 0xdeadbeef });
  const parsed = parse(packet);
  expect(parsed.getPayloadType()).toBe(96);
  expect(parsed.getSequenceNumber()).toBe(5);
  expect(parsed.getTimestamp()).toBe(7);
  expect(parsed.getSsrc()).toBe(0xdeadbeef);
  expect(parsed.getMarker()).toBe(true);
  expect(payload(packet)).toEqual(before);
});
