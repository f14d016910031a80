import pino from 'pino';
import { describe, expect, test } from 'vitest';
import type { FeedDemand } from '#contract/facility-link.ts';
import type { Layer } from '#contract/nation.ts';
import { LOOP_FRAMES } from '../picture/scene.ts';
import type { Clip } from '../video/clip.ts';
import { GOP_FRAMES } from '../video/encoder.ts';
import { createFeedSender } from './feed-sender.ts';
import type { Turn } from './pacer.ts';
import { packetise } from './packetiser.ts';
import { isRtcp } from './rtcp.ts';

const LOW = 1111;
const HIGH = 2222;
const FRAME_MS = 1000 / 15;

/** A clip whose pictures say which layer and frame they are. */
function createClip(layer: Layer): Clip {
  const frames = Array.from({ length: LOOP_FRAMES }, (_, frame) => {
    const key = frame % GOP_FRAMES === 0;
    const slice = Buffer.from([key ? 0x65 : 0x41, layer === 'low' ? 1 : 2, frame + 1]);
    const nals = key ? [Buffer.from([0x67, 1]), Buffer.from([0x68, 1]), slice] : [slice];
    return { key, packets: packetise({ key, nals }) };
  });
  return { frames, bytes: 0 };
}

interface Sent {
  rtcp: boolean;
  ssrc: number;
  port: number;
  sequence: number;
  timestamp: number;
  marker: boolean;
  payloadType: number;
  /** Number of the picture in the clip. */
  frame: number;
}

function read(packet: Buffer, port: number): Sent {
  const rtcp = isRtcp(packet);
  return {
    rtcp,
    ssrc: packet.readUInt32BE(rtcp ? 4 : 8),
    port,
    sequence: packet.readUInt16BE(2),
    timestamp: packet.readUInt32BE(rtcp ? 16 : 4),
    marker: (packet.readUInt8(1) & 0x80) !== 0,
    payloadType: packet.readUInt8(1) & 0x7f,
    frame: (packet.at(-1) ?? 0) - 1,
  };
}

function createFixture() {
  let turn: Turn | undefined;
  let turns = 0;
  const sent: Sent[] = [];
  const asked: { layer: Layer; signal: AbortSignal; give: PromiseWithResolvers<Clip> }[] = [];
  const sender = createFeedSender({
    feedId: 'ua-68-itt-2-cell-4-cam-1',
    pacer: {
      add(added) {
        turn = added;
        return () => {
          turn = undefined;
        };
      },
      [Symbol.dispose]() {},
    },
    loadClip: (layer, signal) => {
      const give = Promise.withResolvers<Clip>();
      asked.push({ layer, signal, give });
      return give.promise;
    },
    send: (packet, { port }) => sent.push(read(packet, port)),
    log: pino({ level: 'silent' }),
  });
  return {
    sender,
    sent,
    asked,
    get paced() {
      return turn !== undefined;
    },
    demand(wanted: readonly Layer[], change: Partial<FeedDemand> = {}): void {
      sender.demand({
        feedId: 'ua-68-itt-2-cell-4-cam-1',
        facilityId: 'ua-68-itt-2',
        target: { ip: '127.0.0.1', port: 45_000 },
        payloadType: 96,
        layers: [
          { layer: 'low', ssrc: LOW, wanted: wanted.includes('low') },
          { layer: 'high', ssrc: HIGH, wanted: wanted.includes('high') },
        ],
        at: '2026-11-22T14:05:00.000Z',
        ...change,
      });
    },
    /** Gives every clip that was asked for. */
    async deliver(): Promise<void> {
      for (const { layer, give } of asked.splice(0)) give.resolve(createClip(layer));
      await Promise.resolve();
      await Promise.resolve();
    },
    run(frames: number): Sent[] {
      const from = sent.length;
      for (let frame = 0; frame < frames; frame++) {
        turn?.(1_700_000_000_000 + turns * FRAME_MS);
        turns++;
      }
      return sent.slice(from);
    },
  };
}

function media(packets: readonly Sent[], ssrc: number): Sent[] {
  return packets.filter((packet) => !packet.rtcp && packet.ssrc === ssrc);
}

describe('a wanted layer', () => {
  test('begins with a keyframe and goes round in a loop', async () => {
    const fixture = createFixture();
    fixture.demand(['low']);
    await fixture.deliver();
    const pictures = media(fixture.run(LOOP_FRAMES * 2), LOW).filter(({ marker }) => marker);
    expect(pictures.map(({ frame }) => frame)).toEqual(
      Array.from({ length: LOOP_FRAMES * 2 }, (_, index) => index % LOOP_FRAMES),
    );
  });

  test('numbers its packets without a gap, and ticks at 90 kHz', async () => {
    const fixture = createFixture();
    fixture.demand(['low']);
    await fixture.deliver();
    const packets = media(fixture.run(400), LOW);
    for (const [index, packet] of packets.slice(1).entries()) {
      const before = packets[index];
      if (!before) throw new Error('unreachable');
      expect((packet.sequence - before.sequence) & 0xffff).toBe(1);
      const step = (packet.timestamp - before.timestamp) >>> 0;
      expect(step).toBe(before.marker ? 6000 : 0);
      expect(packet.payloadType).toBe(96);
    }
  });

  test('reports with its first picture, and at least every two seconds', async () => {
    const fixture = createFixture();
    fixture.demand(['low']);
    await fixture.deliver();
    expect(fixture.run(1).some(({ rtcp }) => rtcp)).toBe(true);
    let withoutReport = 0;
    for (let frame = 0; frame < 200; frame++) {
      withoutReport = fixture.run(1).some(({ rtcp }) => rtcp) ? 0 : withoutReport + 1;
      expect(withoutReport * FRAME_MS).toBeLessThan(2000);
    }
  });

  test.each([1, 7, 14])('answers a request after %i pictures with a keyframe at once', async (after) => {
    const fixture = createFixture();
    fixture.demand(['low']);
    await fixture.deliver();
    fixture.run(after);
    fixture.sender.requestKeyframe(LOW);
    expect(media(fixture.run(1), LOW).at(-1)?.frame).toBe(GOP_FRAMES);
  });

  test('is not moved by a request for another', async () => {
    const fixture = createFixture();
    fixture.demand(['low', 'high']);
    await fixture.deliver();
    fixture.run(3);
    fixture.sender.requestKeyframe(HIGH);
    fixture.sender.requestKeyframe(9999);
    const packets = fixture.run(1);
    expect(media(packets, LOW).at(-1)?.frame).toBe(3);
    expect(media(packets, HIGH).at(-1)?.frame).toBe(GOP_FRAMES);
  });
});

describe('two layers', () => {
  test('share one clock', async () => {
    const fixture = createFixture();
    fixture.demand(['low']);
    await fixture.deliver();
    fixture.run(20);
    fixture.demand(['low', 'high']);
    await fixture.deliver();
    const packets = fixture.run(1);
    expect(media(packets, HIGH)[0]?.timestamp).toBe(media(packets, LOW)[0]?.timestamp);
    // In step: the high layer begins at the group that follows.
    expect(media(packets, HIGH).at(-1)?.frame).toBe(30);
  });

  test('a layer that is not wanted any more sends nothing, the other goes on', async () => {
    const fixture = createFixture();
    fixture.demand(['low', 'high']);
    await fixture.deliver();
    fixture.run(5);
    fixture.demand(['high']);
    const packets = fixture.run(30);
    expect(packets.filter(({ ssrc }) => ssrc === LOW)).toEqual([]);
    expect(media(packets, HIGH).filter(({ marker }) => marker)).toHaveLength(30);
  });
});

describe('demands', () => {
  test('the same demand again changes nothing', async () => {
    const fixture = createFixture();
    fixture.demand(['low']);
    await fixture.deliver();
    fixture.run(5);
    fixture.demand(['low']);
    expect(fixture.asked).toEqual([]);
    expect(media(fixture.run(1), LOW).at(-1)?.frame).toBe(5);
  });

  test('without a wanted layer there is no turn and no packet', async () => {
    const fixture = createFixture();
    fixture.demand([]);
    expect(fixture.paced).toBe(false);
    fixture.demand(['low']);
    await fixture.deliver();
    fixture.run(5);
    fixture.demand([]);
    expect(fixture.paced).toBe(false);
    expect(fixture.run(5)).toEqual([]);
  });

  test('a layer that comes back goes on counting, with a keyframe and a report', async () => {
    const fixture = createFixture();
    fixture.demand(['low']);
    await fixture.deliver();
    const last = media(fixture.run(5), LOW).at(-1);
    fixture.demand([]);
    fixture.demand(['low']);
    await fixture.deliver();
    const again = fixture.run(1);
    const first = media(again, LOW)[0];
    expect(((first?.sequence ?? 0) - (last?.sequence ?? 0)) & 0xffff).toBe(1);
    expect(media(again, LOW).at(-1)?.frame).toBe(0);
    expect(again.some(({ rtcp }) => rtcp)).toBe(true);
  });

  test('another receiver gets a keyframe and a report, and the old one nothing', async () => {
    const fixture = createFixture();
    fixture.demand(['low']);
    await fixture.deliver();
    fixture.run(5);
    fixture.demand(['low'], { target: { ip: '127.0.0.1', port: 45_001 } });
    await fixture.deliver();
    const packets = fixture.run(1);
    expect(packets.every(({ port }) => port === 45_001)).toBe(true);
    expect((media(packets, LOW).at(-1)?.frame ?? 1) % GOP_FRAMES).toBe(0);
    expect(packets.some(({ rtcp }) => rtcp)).toBe(true);
  });

  test('what is called off while it is being encoded is never sent', async () => {
    const fixture = createFixture();
    fixture.demand(['low']);
    const [request] = fixture.asked;
    fixture.demand([]);
    expect(request?.signal.aborted).toBe(true);
    await fixture.deliver();
    expect(fixture.run(5)).toEqual([]);
  });

  test('video that could not be encoded is tried again after a while', async () => {
    const fixture = createFixture();
    fixture.demand(['low']);
    fixture.run(1);
    fixture.asked.splice(0)[0]?.give.reject(new Error('no encoder'));
    await Promise.resolve();
    await Promise.resolve();
    expect(fixture.run(25)).toEqual([]);
    expect(fixture.asked).toEqual([]);
    fixture.run(10);
    await fixture.deliver();
    expect(media(fixture.run(1), LOW).at(-1)?.frame).toBe(0);
  });

  test('a closed feed sends nothing', async () => {
    const fixture = createFixture();
    fixture.demand(['low', 'high']);
    await fixture.deliver();
    fixture.sender[Symbol.dispose]();
    expect(fixture.run(5)).toEqual([]);
    expect(fixture.paced).toBe(false);
  });
});
