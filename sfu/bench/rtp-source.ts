import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { packetise, RTP_HEADER_BYTES, stampHeader } from '../../sample/cameras/rtp/packetiser.ts';
import { toSenderReport } from '../../sample/cameras/rtp/rtcp.ts';
import { parseAccessUnits } from '../../sample/cameras/video/annex-b.ts';

const FRAMES_PER_SECOND = 15;
const CLOCK_HZ = 90_000;
const REPORT_EVERY_FRAMES = FRAMES_PER_SECOND * 2;

/** Where a feed goes: one port of the thing that is measured. */
export interface Target {
  ip: string;
  port: number;
  payloadType: number;
  ssrc: number;
}

/** Eight seconds of real H.264, 320×180, 150 kbit/s, a keyframe every second, as packets to be stamped. */
export function encodeLoop(): Buffer[][] {
  const stream = execFileSync(
    'ffmpeg',
    [
      ...['-hide_banner', '-loglevel', 'error', '-f', 'lavfi'],
      ...['-i', `testsrc2=size=320x180:rate=${FRAMES_PER_SECOND}:duration=8`, '-pix_fmt', 'yuv420p'],
      ...[
        '-c:v',
        'libx264',
        '-profile:v',
        'baseline',
        '-preset',
        'veryfast',
        '-tune',
        'zerolatency',
        '-bf',
        '0',
      ],
      ...['-g', `${FRAMES_PER_SECOND}`, '-sc_threshold', '0', '-threads', '1'],
      ...['-b:v', '150k', '-maxrate', '150k', '-bufsize', '150k', '-f', 'h264', 'pipe:1'],
    ],
    { maxBuffer: 64 * 2 ** 20 },
  );
  return parseAccessUnits(stream).map(packetise);
}

/**
 * Sends every feed to all of its targets: the same packets at the same moment, each from a socket of its own. Feeds are
 * spread over the frame interval, as cameras are.
 */
export async function startSending(
  frames: Buffer[][],
  feeds: readonly (readonly Target[])[],
): Promise<Disposable> {
  const flows = feeds.flatMap((targets, index) =>
    targets.map((target) => ({
      target,
      index,
      socket: createSocket('udp4'),
      sequence: 0,
      packets: 0,
      octets: 0,
    })),
  );
  for (const { socket } of flows) {
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
  }
  const frameMs = 1000 / FRAMES_PER_SECOND;
  const begun = performance.now();
  const sent = flows.map(() => -1);
  const timer = setInterval(() => {
    const elapsed = performance.now() - begun;
    for (const [at, flow] of flows.entries()) {
      const frame = Math.floor((elapsed - (frameMs * flow.index) / feeds.length) / frameMs);
      if (frame <= (sent[at] ?? -1)) continue;
      sent[at] = frame;
      sendFrame(flow, frames[frame % frames.length] ?? [], frame);
    }
  }, 2);
  return {
    [Symbol.dispose]() {
      clearInterval(timer);
      for (const { socket } of flows) socket.close();
    },
  };
}

interface Flow {
  target: Target;
  socket: ReturnType<typeof createSocket>;
  sequence: number;
  packets: number;
  octets: number;
}

function sendFrame(flow: Flow, packets: readonly Buffer[], frame: number): void {
  const { ip, port, payloadType, ssrc } = flow.target;
  const timestamp = (frame * CLOCK_HZ) / FRAMES_PER_SECOND;
  if (frame % REPORT_EVERY_FRAMES === 0) {
    const { packets: count, octets } = flow;
    flow.socket.send(
      toSenderReport({ ssrc, atMs: Date.now(), timestamp, packets: count, octets, cname: 'bench' }),
      port,
      ip,
    );
  }
  for (const packet of packets) {
    // The same buffers serve every flow, and the socket may send later than we stamp.
    const copy = Buffer.from(packet);
    stampHeader(copy, { payloadType, sequence: flow.sequence++, timestamp, ssrc });
    flow.socket.send(copy, port, ip);
    flow.packets += 1;
    flow.octets += packet.length - RTP_HEADER_BYTES;
  }
}
