import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Source } from '../source.ts';
import { BFrameLooks } from './b-frame-looks.ts';

/** Slices with first_mb_in_slice 0 and slice_type 5 (P), 6 (B). */
const P = [0x41, 0b1001_1000];
const B = [0x01, 0b1001_1100];
const SSRC = { low: 1, high: 2 };
const MINUTE_MS = 60_000;
/** For less nobody looks. */
const SETTLE_MS = 1_500;

let looks: BFrameLooks;
let found: boolean[];

beforeEach(() => {
  vi.useFakeTimers({ now: 0, toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  looks = new BFrameLooks({ now: Date.now });
  found = [];
});
afterEach(() => void vi.useRealTimers());

/** A source of two layers whose packets are shown by hand; it counts how often somebody looks. */
class FakeSource {
  taps = 0;
  #consumer = new EventEmitter();
  readonly #producer = Object.assign(new EventEmitter(), {
    id: 'producer',
    observer: new EventEmitter(),
    rtpParameters: { codecs: [{ mimeType: 'video/H264' }] },
    score: [] as { encodingIdx: number; score: number }[],
    getStats: async () => [{ packetCount: this.packets }],
  });
  packets = 1;
  readonly source: Source;

  constructor(kind: Source['kind'], mimeType = 'video/H264') {
    this.#producer.rtpParameters.codecs = [{ mimeType }];
    const encodings = [{ ssrc: SSRC.low }, { ssrc: SSRC.high }];
    const consume = async () => {
      this.#consumer = Object.assign(new EventEmitter(), { rtpParameters: { encodings } });
      this.taps += 1;
      return this.#consumer;
    };
    const createDirectTransport = async () => ({ consume, close: () => undefined });
    this.source = {
      kind,
      producer: this.#producer,
      layers: ['low', 'high'],
      worker: { router: { rtpCapabilities: {}, createDirectTransport } },
    } as unknown as Source;
    looks.watch('cell-1', this.source, (hasBFrames) => found.push(hasBFrames));
  }

  /** These layers come from now on. */
  async flow(...layers: ('low' | 'high')[]): Promise<void> {
    this.#producer.score = [
      { encodingIdx: 0, score: layers.includes('low') ? 10 : 0 },
      { encodingIdx: 1, score: layers.includes('high') ? 10 : 0 },
    ];
    this.#producer.emit('score', this.#producer.score);
    await later(SETTLE_MS);
  }

  async show(layer: 'low' | 'high', slices: readonly number[][]): Promise<void> {
    for (const slice of slices) {
      this.packets += 1;
      this.#consumer.emit('rtp', Buffer.from([0x80, 96, 0, 1, 0, 0, 0, 2, 0, 0, 0, SSRC[layer], ...slice]));
    }
    await settle();
  }

  close(): void {
    this.#producer.observer.emit('close');
  }
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
const later = async (ms: number) => {
  await vi.advanceTimersByTimeAsync(ms);
  await settle();
};
const times = (count: number, slice: number[]) => Array.from({ length: count }, () => slice);

test('a layer is looked at when it begins to come, and every five minutes', async () => {
  const camera = new FakeSource('edge');
  expect(camera.taps).toBe(0);
  await camera.flow('low');
  await camera.show('low', times(45, P));
  expect([camera.taps, found]).toEqual([1, [false]]);
  await camera.flow('low', 'high');
  await camera.show('low', times(50, P));
  expect(found).toEqual([false]);
  await camera.show('high', [P, P, B, P, B, P, B]);
  expect([camera.taps, found]).toEqual([2, [false, true]]);
});

test('what has them is looked at again soon, and what has none after five minutes', async () => {
  const camera = new FakeSource('edge');
  await camera.flow('low');
  await camera.show('low', times(3, B));
  expect(found).toEqual([true]);
  await camera.show('low', [P]);
  await later(21_000);
  await camera.show('low', times(45, P));
  expect([camera.taps, found]).toEqual([2, [true, false]]);
  await later(4 * MINUTE_MS);
  await camera.flow('low');
  expect(camera.taps).toBe(2);
  await later(MINUTE_MS);
  expect(camera.taps).toBe(3);
});

test.each([
  ['edge' as const, 0],
  ['whip' as const, 1],
])('of kind %s that comes again within five minutes is looked at %i times', async (kind, taps) => {
  const first = new FakeSource(kind);
  await first.flow('low');
  await first.show('low', times(45, P));
  first.close();
  await later(MINUTE_MS);
  const second = new FakeSource(kind);
  await second.flow('low');
  expect(second.taps).toBe(taps);
  second.close();
});

test('what comes for a moment only is not looked at', async () => {
  const camera = new FakeSource('edge');
  const flowing = camera.flow('low');
  camera.close();
  await flowing;
  await later(MINUTE_MS);
  expect(camera.taps).toBe(0);
});

test('one that was closed is looked at no more', async () => {
  const camera = new FakeSource('edge');
  await camera.flow('low');
  await camera.show('low', times(3, B));
  camera.close();
  await later(10 * MINUTE_MS);
  await camera.flow('low', 'high');
  expect(camera.taps).toBe(1);
});

test.each([
  ['what is read packet by packet', 'rtsp' as const, 'video/H264'],
  ['what another node has', 'relay' as const, 'video/H264'],
  ['VP8', 'whip' as const, 'video/VP8'],
])('%s is not looked at', async (_what, kind, mimeType) => {
  const source = new FakeSource(kind, mimeType);
  await source.flow('low');
  expect(source.taps).toBe(0);
});
