import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type InterleavedPacket,
  type RtspMessage,
  RtspReader,
  RtspSyntaxError,
  toRequest,
} from './rtsp-wire.ts';

const packet = (channel: number, bytes: Uint8Array) => {
  const head = Buffer.from([0x24, channel, 0, 0]);
  head.writeUInt16BE(bytes.length, 2);
  return Buffer.concat([head, bytes]);
};
const response = (status: number, body: Uint8Array) =>
  Buffer.concat([
    Buffer.from(`RTSP/1.0 ${status} Whatever\r\nCSeq: 7\r\ncontent-length: ${body.length}\r\n\r\n`),
    body,
  ]);

function readAll(chunks: readonly Buffer[]): (RtspMessage | InterleavedPacket)[] {
  const reader = new RtspReader();
  return chunks.flatMap((chunk) =>
    [...reader.read(chunk)].map((item) =>
      item.kind === 'packet' ? { ...item, packet: Buffer.from(item.packet) } : item,
    ),
  );
}

describe('RtspReader', () => {
  const bytes = fc.uint8Array({ maxLength: 300 });
  const item = fc.oneof(
    fc.record({ kind: fc.constant('packet' as const), channel: fc.nat(255), bytes }),
    fc.record({ kind: fc.constant('message' as const), status: fc.integer({ min: 100, max: 599 }), bytes }),
  );

  it('finds the same messages and packets however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(item, { maxLength: 8 }),
        fc.array(fc.nat(400), { maxLength: 30 }),
        (items, cuts) => {
          const stream = Buffer.concat(
            items.map((it) =>
              it.kind === 'packet' ? packet(it.channel, it.bytes) : response(it.status, it.bytes),
            ),
          );
          const chunks: Buffer[] = [];
          let at = 0;
          for (const cut of cuts) {
            chunks.push(Buffer.from(stream.subarray(at, at + cut)));
            at += cut;
          }
          chunks.push(Buffer.from(stream.subarray(at)));
          const found = readAll(chunks);
          expect(found.map((it) => it.kind)).toEqual(items.map((it) => it.kind));
          for (const [index, it] of found.entries()) {
            const expected = items[index];
            const body = it.kind === 'packet' ? it.packet : it.body;
            expect(body.equals(Buffer.from(expected?.bytes ?? []))).toBe(true);
            if (it.kind === 'message')
              expect(it).toMatchObject({ status: (expected as { status: number }).status });
          }
        },
      ),
    );
  });

  it('throws nothing but its own error at garbage, and holds little of it', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 2_000 }), { maxLength: 10 }), (chunks) => {
        try {
          readAll(chunks.map((chunk) => Buffer.from(chunk)));
        } catch (error) {
          expect(error).toBeInstanceOf(RtspSyntaxError);
        }
      }),
    );
  });

  it('gives up at a head or a body without end', () => {
    const reader = new RtspReader();
    expect(() => {
      for (let i = 0; i < 100; i += 1) [...reader.read(Buffer.from(`Header-${i}: ${'x'.repeat(300)}\r\n`))];
    }).toThrow(RtspSyntaxError);
    const long = Buffer.from('RTSP/1.0 200 OK\r\nContent-Length: 70000\r\n\r\n');
    expect(() => [...new RtspReader().read(long)]).toThrow(RtspSyntaxError);
  });

  it('keeps every value of a header, skips empty lines, and knows requests of the camera by their status', () => {
    const stream = Buffer.from(
      '\r\n\r\nRTSP/1.0 401 No\r\nWWW-Authenticate: Basic a\r\nwww-authenticate: Digest b\r\n\r\nOPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n',
    );
    const [first, second] = readAll([stream]);
    expect(first).toMatchObject({ kind: 'message', status: 401 });
    expect((first as RtspMessage).headers.get('www-authenticate')).toEqual(['Basic a', 'Digest b']);
    expect(second).toMatchObject({ kind: 'message', status: 0 });
  });
});

describe('toRequest', () => {
  it('is a request with its headers', () => {
    expect(toRequest('PLAY', 'rtsp://host/a', { CSeq: 3, Session: '1' })).toBe(
      'PLAY rtsp://host/a RTSP/1.0\r\nCSeq: 3\r\nSession: 1\r\n\r\n',
    );
  });
});
