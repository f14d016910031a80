import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { CompoundPacket, PliPacket, RtpPacket, SenderReportPacket } from 'rtp.js/packets';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FeedDemand } from '#contract/facility-link.ts';
import type { Layer } from '#contract/nation.ts';
import { generateSampleNation } from '../../config/nation/sample-nation.ts';
import { type CameraSystems, createCameraSystems } from '../cameras/camera-systems.ts';
import { isRtcp } from '../cameras/rtp/rtcp.ts';
import { toByteStream } from '../cameras/video/annex-b.ts';
import { decodeCodes, FFMPEG_BIN } from './fixtures/decode.ts';
import { depacketise } from './fixtures/depacketise.ts';

const nation = generateSampleNation();
const facilityId = 'ua-68-itt-2';
const areaId = 'ua-68-itt-2-cell-4';
const feedId = `${areaId}-cam-1`;
const areaIndex = nation.areas.findIndex(({ id }) => id === areaId);

/** What an sfu is to a camera: a port that RTP and RTCP come to. */
async function openReceiver() {
  const socket = createSocket('udp4');
  const packets: Buffer[] = [];
  let from: { address: string; port: number } | undefined;
  socket.on('message', (message, remote) => {
    packets.push(message);
    from = remote;
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const view = (packet: Buffer) => new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  return {
    target: { ip: '127.0.0.1', port: (socket.address() as AddressInfo).port },
    packets,
    rtp: (ssrc: number) =>
      packets
        .filter((packet) => !isRtcp(packet))
        .map((packet) => new RtpPacket(view(packet)))
        .filter((packet) => packet.getSsrc() === ssrc),
    reports: (ssrc: number) =>
      packets
        .filter((packet) => isRtcp(packet))
        .flatMap((packet) => new CompoundPacket(view(packet)).getPackets())
        .filter((packet) => packet instanceof SenderReportPacket && packet.getSsrc() === ssrc),
    askForKeyframe(ssrc: number): void {
      const pli = new PliPacket();
      pli.setSenderSsrc(1);
      pli.setMediaSsrc(ssrc);
      pli.serialize();
      const { buffer, byteOffset, byteLength } = pli.getView();
      if (from) socket.send(Buffer.from(buffer, byteOffset, byteLength), from.port, from.address);
    },
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => socket.close(() => resolve())),
  };
}

function demandOf(
  target: FeedDemand['target'],
  ssrcs: { low: number; high: number },
  wanted: readonly Layer[],
): FeedDemand {
  return {
    feedId,
    facilityId,
    target,
    payloadType: 96,
    layers: (['low', 'high'] as const).map((layer) => ({
      layer,
      ssrc: ssrcs[layer],
      wanted: wanted.includes(layer),
    })),
    at: new Date().toISOString(),
  };
}

function payloadOf(packet: RtpPacket): Buffer {
  const { buffer, byteOffset, byteLength } = packet.getPayload();
  return Buffer.from(buffer, byteOffset, byteLength);
}

function isKeyframeStart(packet: RtpPacket): boolean {
  return (payloadOf(packet)[0] ?? 0) % 32 === 24;
}

describe('a camera', () => {
  let dir: string;
  let systems: CameraSystems;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'varta-cameras-'));
    systems = await createCameraSystems({
      nation,
      dataDir: dir,
      cacheMb: 64,
      ffmpegBin: FFMPEG_BIN,
      log: pino({ level: 'silent' }),
    });
  });
  afterAll(async () => {
    await systems[Symbol.asyncDispose]();
    await rm(dir, { recursive: true, force: true });
  });

  function cameras() {
    const found = systems.facilities.get(facilityId);
    if (!found) throw new Error('unreachable');
    return found;
  }

  test('sends its own area’s picture in both layers, by real RTP, that a decoder reads', async () => {
    await using receiver = await openReceiver();
    const ssrcs = { low: 1001, high: 1002 };
    cameras().demand(demandOf(receiver.target, ssrcs, ['low', 'high']));
    await expect.poll(() => receiver.rtp(ssrcs.high).length, { timeout: 10_000 }).toBeGreaterThan(130);
    cameras().release(feedId);
    for (const layer of ['low', 'high'] as const) {
      const rtp = receiver.rtp(ssrcs[layer]);
      const lastWhole = rtp.findLastIndex((packet) => packet.getMarker());
      const whole = rtp.slice(0, lastWhole + 1);
      const codes = await decodeCodes(toByteStream(depacketise(whole.map(payloadOf))), layer);
      expect(codes.length).toBe(new Set(whole.map((packet) => packet.getTimestamp())).size);
      expect(codes[0]?.frame).toBeDefined();
      for (const [index, code] of codes.entries()) {
        expect(code).toEqual({ areaIndex, frame: ((codes[0]?.frame ?? 0) + index) % 120 });
      }
    }
  });

  test('reports both layers on one clock', async () => {
    await using receiver = await openReceiver();
    const ssrcs = { low: 2001, high: 2002 };
    cameras().demand(demandOf(receiver.target, ssrcs, ['low', 'high']));
    await expect.poll(() => receiver.reports(ssrcs.low).length, { timeout: 10_000 }).toBeGreaterThan(1);
    await expect.poll(() => receiver.reports(ssrcs.high).length, { timeout: 10_000 }).toBeGreaterThan(1);
    cameras().release(feedId);
    // RTP time at NTP zero is the same for both, to a tick.
    const origins = [...receiver.reports(ssrcs.low), ...receiver.reports(ssrcs.high)].map((report) => {
      if (!(report instanceof SenderReportPacket)) throw new Error('unreachable');
      const seconds = BigInt(report.getNtpSeconds()) * 90_000n;
      const fraction = BigInt(Math.round((report.getNtpFraction() / 2 ** 32) * 90_000));
      return Number((BigInt(report.getRtpTimestamp()) - seconds - fraction) & 0xffffffffn);
    });
    const [first = 0] = origins;
    for (const origin of origins) expect(Math.abs(origin - first)).toBeLessThanOrEqual(2);
    const [report] = receiver.reports(ssrcs.low);
    if (!(report instanceof SenderReportPacket)) throw new Error('unreachable');
    expect(Math.abs(report.getNtpSeconds() - 2_208_988_800 - Date.now() / 1000)).toBeLessThan(30);
  });

  test('answers a keyframe request with the next picture', async () => {
    await using receiver = await openReceiver();
    const ssrcs = { low: 3001, high: 3002 };
    cameras().demand(demandOf(receiver.target, ssrcs, ['low']));
    const keyframes = () => receiver.rtp(ssrcs.low).filter(isKeyframeStart).length;
    await expect.poll(keyframes, { timeout: 10_000 }).toBe(1);
    // Some pictures into the group, so that the next keyframe is not due by itself.
    const pictures = () => new Set(receiver.rtp(ssrcs.low).map((packet) => packet.getTimestamp())).size;
    await expect.poll(pictures, { interval: 5 }).toBeGreaterThanOrEqual(3);
    const before = pictures();
    receiver.askForKeyframe(ssrcs.low);
    await expect.poll(keyframes, { interval: 5, timeout: 2_000 }).toBe(2);
    // At most one picture was on its way when the request came.
    expect(pictures() - before).toBeLessThanOrEqual(3);
    cameras().release(feedId);
  });

  test('sends nothing when nobody wants anything', async () => {
    await using receiver = await openReceiver();
    const ssrcs = { low: 4001, high: 4002 };
    cameras().demand(demandOf(receiver.target, ssrcs, []));
    cameras().demand(demandOf(receiver.target, ssrcs, ['low']));
    await expect.poll(() => receiver.packets.length).toBeGreaterThan(10);
    cameras().demand(demandOf(receiver.target, ssrcs, []));
    // What the kernel still holds arrives; then there is silence for as long as six pictures would take.
    await expect
      .poll(
        async () => {
          const before = receiver.packets.length;
          await new Promise((resolve) => setTimeout(resolve, 400));
          return receiver.packets.length - before;
        },
        { timeout: 5_000 },
      )
      .toBe(0);
    expect(cameras().demanded()).toEqual([feedId]);
    cameras().release(feedId);
    expect(cameras().demanded()).toEqual([]);
  });

  test('a demand for another facility’s feed, or for no address, is left out', () => {
    cameras().demand({ ...demandOf({ ip: 'localhost', port: 9 }, { low: 1, high: 2 }, ['low']) });
    cameras().demand({
      ...demandOf({ ip: '127.0.0.1', port: 9 }, { low: 1, high: 2 }, ['low']),
      feedId: 'ua-05-itt-1-cell-1-cam-1',
    });
    expect(cameras().demanded()).toEqual([]);
  });
});
