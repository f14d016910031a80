import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RtpPacket } from 'rtp.js/packets';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../test/fixtures/eventually.ts';
import { MaskedLayer } from './masked-layer.ts';

const PARAMETERS = 0x67;
const KEYFRAME = 0x65;
const DELTA = 0x41;
const PADDING = 0;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'varta-masks-'));
  // An ffmpeg that takes everything and gives nothing, but writes down how it was called.
  await writeFile(
    join(folder, 'silent'),
    '#!/bin/sh\necho "$@" > "$0.tmp" && mv "$0.tmp" "$0.called"\nexec cat > /dev/null\n',
  );
  await chmod(join(folder, 'silent'), 0o755);
});
afterAll(() => rm(folder, { recursive: true }));

function setUp(program = 'silent') {
  let now = 1_000_000;
  let asked = 0;
  let sequence = 0;
  const faults: boolean[] = [];
  const layer = new MaskedLayer({
    ffmpegBin: join(folder, program),
    payloadType: 96,
    ssrc: 1,
    maxBps: 400_000,
    regions: () => [{ x: 0, y: 0, width: 1, height: 1 }],
    send: () => undefined,
    sendReport: () => undefined,
    onBroken: () => {
      asked += 1;
    },
    onFault: (isThere) => faults.push(isThere),
    now: () => now,
  });
  layer.start();
  const take = (...types: number[]) => {
    for (const type of types) {
      const packet = Buffer.alloc(type === PADDING ? 12 : 14);
      packet.writeUInt16BE(type === PADDING ? 0x8060 : 0x80e0, 0);
      packet.writeUInt16BE(sequence, 2);
      if (type !== PADDING) packet[12] = type;
      sequence += 1;
      layer.take(new RtpPacket(new DataView(packet.buffer, packet.byteOffset, packet.byteLength)));
    }
    return asked;
  };
  return {
    layer,
    faults,
    take,
    lose: (packets: number) => {
      sequence += packets;
    },
    later: (ms: number) => {
      now += ms;
    },
    [Symbol.dispose]: () => layer.stop(),
  };
}

test('after a gap a keyframe is asked for, once a second until one comes', () => {
  using camera = setUp();
  expect(camera.take(PARAMETERS, KEYFRAME, DELTA)).toBe(0);
  camera.later(2_000);
  expect(camera.take(DELTA)).toBe(0);
  camera.lose(1);
  expect(camera.take(DELTA)).toBe(0);
  camera.later(400);
  expect(camera.take(DELTA)).toBe(1);
  camera.later(999);
  expect(camera.take(DELTA)).toBe(1);
  camera.later(1);
  expect(camera.take(DELTA)).toBe(2);
  camera.later(2_000);
  expect(camera.take(KEYFRAME, DELTA)).toBe(2);
});

test('a packet with no payload is no gap', () => {
  using camera = setUp();
  camera.take(PARAMETERS, KEYFRAME, PADDING, DELTA);
  camera.later(2_000);
  expect(camera.take(DELTA)).toBe(0);
});

test('while nothing has begun, a keyframe is asked for again', () => {
  using camera = setUp();
  expect(camera.take(DELTA)).toBe(0);
  camera.later(1_000);
  expect(camera.take(DELTA, DELTA)).toBe(1);
});

test('an ffmpeg that gives no picture is replaced, and what it had is gone', () => {
  using camera = setUp();
  const { pid } = camera.layer;
  camera.take(PARAMETERS, KEYFRAME);
  camera.later(10_000);
  expect([camera.take(DELTA), camera.layer.pid]).toEqual([0, pid]);
  camera.later(1);
  expect(camera.take(DELTA)).toBe(1);
  expect(camera.layer.pid).not.toBe(pid);
  expect(camera.layer.pid).toBeDefined();
});

test('pictures go through pipes; no port of the machine takes any', async () => {
  using camera = setUp();
  camera.take(PARAMETERS);
  const called = join(folder, 'silent.called');
  const args = await eventually('ffmpeg is called', () => readFile(called, 'utf8').catch(() => undefined));
  expect(args).toContain('pipe:1');
  expect(args).not.toMatch(/:\/\/|127\.0\.0\.1|localhost/);
});

test('when ffmpeg cannot be had it is tried again, and after the third time said', async () => {
  using camera = setUp('missing');
  await eventually('a fault', () => camera.faults.length > 0);
  expect(camera.faults).toEqual([true]);
  expect(camera.take()).toBe(2);
});
