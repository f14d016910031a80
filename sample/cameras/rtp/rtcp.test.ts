import fc from 'fast-check';
import {
  CompoundPacket,
  PliPacket,
  ReceiverReportPacket,
  SdesPacket,
  SenderReportPacket,
} from 'rtp.js/packets';
import { describe, expect, test } from 'vitest';
import { isRtcp, keyframeRequests, toSenderReport } from './rtcp.ts';

function pli(ssrc: number): PliPacket {
  const packet = new PliPacket();
  packet.setSenderSsrc(1);
  packet.setMediaSsrc(ssrc);
  return packet;
}

function serialize(packet: CompoundPacket | PliPacket): Buffer {
  packet.serialize();
  const { buffer, byteOffset, byteLength } = packet.getView();
  return Buffer.from(buffer, byteOffset, byteLength);
}

function compound(...packets: (PliPacket | ReceiverReportPacket)[]): Buffer {
  const all = new CompoundPacket();
  for (const packet of packets) all.addPacket(packet);
  return serialize(all);
}

/** Full intra request for several streams (RFC 5104, 4.3.1), by hand: the library has no class for it. */
function fir(...ssrcs: number[]): Buffer {
  const packet = Buffer.alloc(12 + 8 * ssrcs.length);
  packet.set([0x80 | 4, 206]);
  packet.writeUInt16BE(packet.length / 4 - 1, 2);
  for (const [index, ssrc] of ssrcs.entries()) packet.writeUInt32BE(ssrc, 12 + 8 * index);
  return packet;
}

describe('keyframe requests', () => {
  test('a PLI names one stream', () => {
    expect(keyframeRequests(serialize(pli(0xfedcba98)))).toEqual([0xfedcba98]);
  });

  test('several, after a receiver report, are all read', () => {
    expect(keyframeRequests(compound(new ReceiverReportPacket(), pli(11), pli(22)))).toEqual([11, 22]);
  });

  test('a FIR names its streams in its entries', () => {
    expect(keyframeRequests(fir(7, 0xffffffff))).toEqual([7, 0xffffffff]);
    expect(keyframeRequests(fir())).toEqual([]);
  });

  test('other packets ask for nothing', () => {
    const report = toSenderReport({ ssrc: 1, atMs: 0, timestamp: 0, packets: 0, octets: 0, cname: 'x' });
    expect(keyframeRequests(report)).toEqual([]);
  });

  test('garbage is harmless, and what is cut off at the end is left out', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect(Array.isArray(keyframeRequests(Buffer.from(bytes)))).toBe(true);
      }),
    );
    const whole = compound(pli(11), pli(22));
    expect(keyframeRequests(whole.subarray(0, whole.length - 4))).toEqual([11]);
  });
});

test('a sender report reads as one, with the name of its source', () => {
  const atMs = Date.UTC(2026, 10, 22, 14, 5, 0, 250);
  const bytes = toSenderReport({
    ssrc: 0xcafe0001,
    atMs,
    timestamp: 0x1_0000_0010,
    packets: 12,
    octets: 3456,
    cname: 'ua-68-itt-2-cell-4-cam-1',
  });
  expect(isRtcp(bytes)).toBe(true);
  const [report, description, ...rest] = new CompoundPacket(
    new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  ).getPackets();
  if (!(report instanceof SenderReportPacket && description instanceof SdesPacket)) {
    throw new Error('not a report and a description');
  }
  expect(rest).toEqual([]);
  expect(report.getSsrc()).toBe(0xcafe0001);
  // RFC 5905: 2,208,988,800 s from 1900 to 1970.
  expect(report.getNtpSeconds() - 2_208_988_800).toBe(Math.floor(atMs / 1000));
  expect(report.getNtpFraction() / 2 ** 32).toBeCloseTo(0.25, 6);
  expect(report.getRtpTimestamp()).toBe(0x10);
  expect(report.getPacketCount()).toBe(12);
  expect(report.getOctetCount()).toBe(3456);
  expect(description.getChunks().map((chunk) => chunk.getItems())).toEqual([
    [{ type: 1, text: 'ua-68-itt-2-cell-4-cam-1' }],
  ]);
});

test.each([
  ['RTP', [0x80, 96, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1], false],
  ['RTP with a marker', [0x80, 0x80 | 96, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1], false],
  ['RTCP', [0x80, 201, 0, 1, 0, 0, 0, 1], true],
  ['something too short', [0x80, 201, 0], false],
])('%s is told apart', (_, bytes, expected) => {
  expect(isRtcp(Buffer.from(bytes))).toBe(expected);
});
