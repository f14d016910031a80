import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unitsOf } from './h264-payload.ts';
import { LayerStream } from './layer-stream.ts';
import { RTP_HEADER_BYTES, type RtpPacket, readRtp, writeRtpHeader } from './rtp-packet.ts';
import { StreamClock } from './stream-clock.ts';

const SPS = Buffer.from([0x67, 1]);
const PPS = Buffer.from([0x68, 2]);
const IDR = Buffer.from([0x65, 3, 3]);
const SLICE = Buffer.from([0x41, 4, 4]);
const START = 1_700_000_000_000;

function createFixture() {
  const sent: Buffer[] = [];
  let nowMs = START;
  const stream = new LayerStream({
    ssrc: 4242,
    payloadType: 96,
    firstSequence: 65_530,
    clock: new StreamClock(0),
    now: () => nowMs,
    send: (packet) => sent.push(packet),
    onPayload: () => {},
  });
  let sequence = 1_000;
  return {
    stream,
    sent,
    /** Packets of media so far. */
    media: () => sent.filter((packet) => packet[1] !== 200).flatMap((it) => readRtp(it) ?? []),
    reports: () => sent.filter((packet) => packet[1] === 200),
    push(payload: Buffer, change: Partial<RtpPacket> = {}) {
      const packet = Buffer.alloc(RTP_HEADER_BYTES + payload.length);
      sequence = ((change.sequence ?? sequence) + 1) & 0xffff;
      writeRtpHeader(packet, { payloadType: 102, marker: true, timestamp: 0, ssrc: 9, ...change, sequence });
      packet.set(payload, RTP_HEADER_BYTES);
      stream.push(packet);
    },
    pass(ms: number) {
      nowMs += ms;
    },
  };
}

const typesOf = (packets: readonly RtpPacket[]) =>
  packets.map(({ payload }) => unitsOf(payload).map(({ type }) => type));

describe('LayerStream', () => {
  it('puts the parameter sets of the description before each keyframe that comes without', () => {
    const { stream, push, media } = createFixture();
    stream.begin({ payloadType: 102, parameterSets: [SPS, PPS] });
    push(IDR, { timestamp: 0, marker: false });
    push(IDR, { timestamp: 0 });
    push(SLICE, { timestamp: 6_000 });
    push(IDR, { timestamp: 12_000 });
    expect(typesOf(media())).toEqual([[7, 8], [5], [5], [1], [7, 8], [5]]);
    expect(media().map(({ marker }) => marker)).toEqual([false, false, true, true, false, true]);
    expect(media()[4]?.timestamp).toBe(media()[5]?.timestamp);
  });

  it('adds none to a keyframe that has them, and goes by those that came last', () => {
    const { stream, push, media } = createFixture();
    const other = Buffer.from([0x67, 9]);
    stream.begin({ payloadType: 102, parameterSets: [SPS, PPS] });
    push(other, { timestamp: 0, marker: false });
    push(PPS, { timestamp: 0, marker: false });
    push(IDR, { timestamp: 0 });
    push(IDR, { timestamp: 6_000 });
    expect(typesOf(media())).toEqual([[7], [8], [5], [7, 8], [5]]);
    expect(media()[3]?.payload.includes(other)).toBe(true);
  });

  it('numbers without a gap over everything that it adds, and tells of what is missing', () => {
    const { stream, push, media } = createFixture();
    stream.begin({ payloadType: 102, parameterSets: [SPS, PPS] });
    push(IDR);
    push(Buffer.alloc(5_000, 0x41));
    push(SLICE, { sequence: 1_010 });
    const numbers = media().map(({ sequence }) => (sequence - 65_530) & 0xffff);
    expect(numbers).toEqual([0, 1, 2, 3, 4, 5, 6, 15]);
  });

  it('goes on counting when the camera begins anew with other numbers', () => {
    const { stream, push, media, pass } = createFixture();
    stream.begin({ payloadType: 102, parameterSets: [] });
    push(SLICE, { timestamp: 50 });
    pass(5_000);
    stream.begin({ payloadType: 97, parameterSets: [] });
    push(SLICE, { sequence: 60_000, timestamp: 3_000_000_000, payloadType: 97 });
    const [before, after] = media();
    expect(((after?.sequence ?? 0) - (before?.sequence ?? 0)) & 0xffff).toBe(1);
    expect(((after?.timestamp ?? 0) - (before?.timestamp ?? 0)) | 0).toBe(5_000 * 90);
  });

  it('sends a report with the first packet and then every 1.5 s, with what was sent until then', () => {
    const { stream, push, reports, media, pass } = createFixture();
    stream.begin({ payloadType: 102, parameterSets: [] });
    for (let frame = 0; frame < 46; frame += 1) {
      push(SLICE, { timestamp: frame * 9_000 });
      pass(100);
    }
    expect(reports().map((report) => report.readUInt32BE(20))).toEqual([1, 16, 31, 46]);
    const first = reports()[0];
    expect(first?.readUInt32BE(4)).toBe(4242);
    expect(first?.readUInt32BE(8)).toBe(START / 1_000 + 2_208_988_800);
    expect(first?.readUInt32BE(16)).toBe(media()[0]?.timestamp);
  });

  it('drops what is no packet of the video, and throws at nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 20 }), (packets) => {
        const { stream, media } = createFixture();
        stream.begin({ payloadType: 102, parameterSets: [SPS] });
        for (const packet of packets) stream.push(Buffer.from(packet));
        for (const { payloadType, ssrc } of media()) expect([payloadType, ssrc]).toEqual([96, 4242]);
      }),
    );
    const { stream, push, media } = createFixture();
    stream.begin({ payloadType: 102, parameterSets: [] });
    push(SLICE, { payloadType: 0 });
    push(Buffer.from([0x1f, 1]));
    expect(media()).toEqual([]);
  });
});
