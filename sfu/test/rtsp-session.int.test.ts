import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import type { RtspError } from '../ingest/rtsp/rtsp-error.ts';
import { playCamera } from '../ingest/rtsp/rtsp-session.ts';
import { eventually } from './fixtures/eventually.ts';
import { SELF_SIGNED } from './fixtures/self-signed.ts';

/** Peers that no real camera would be: what GStreamer's server cannot be made to do. */

let owned = new AsyncDisposableStack();
afterEach(async () => {
  await owned.disposeAsync();
  owned = new AsyncDisposableStack();
});

interface Peer {
  url: URL;
  /** Everything that was sent to it. */
  heard: string;
  sockets: Set<Socket>;
}

/** A server that says what `answer` says to each request. */
async function listen(
  answer: (request: string, socket: Socket) => string | Buffer | undefined,
): Promise<Peer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (data) => {
      peer.heard += data.toString('latin1');
      for (const request of data.toString('latin1').split('\r\n\r\n')) {
        const reply = request === '' ? undefined : answer(request, socket);
        if (reply !== undefined) socket.write(reply);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  owned.defer(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const peer: Peer = { url: new URL(`rtsp://127.0.0.1:${port}/cam`), heard: '', sockets };
  return peer;
}

const reply = (request: string, status: string, headers: readonly string[] = [], body = '') => {
  const sequence = /CSeq: (\d+)/.exec(request)?.[1];
  const lines = [`RTSP/1.0 ${status}`, `CSeq: ${sequence}`, ...headers, `Content-Length: ${body.length}`];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
};

const DESCRIPTION =
  'v=0\r\ns=x\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:t1\r\n';

/** Answers everything as it should. */
const agree = (request: string): string => {
  if (request.startsWith('DESCRIBE')) return reply(request, '200 OK', [], DESCRIPTION);
  if (request.startsWith('SETUP'))
    return reply(request, '200 OK', [
      'Session: 1;timeout=60',
      'Transport: RTP/AVP/TCP;unicast;interleaved=0-1',
    ]);
  return reply(request, '200 OK', ['Public: OPTIONS, GET_PARAMETER']);
};

function play(peer: Peer, signal = new AbortController().signal): Promise<void> {
  const credentials = { username: 'operator', password: 'hunter2' };
  return playCamera({ url: peer.url, credentials, signal, onPlaying: () => {}, onPacket: () => {} });
}

const answersIn = (peer: Peer) => peer.heard.match(/Authorization: /g)?.length ?? 0;

const codeOf = (ending: Promise<void>) =>
  ending.then(
    () => 'ended',
    (error: RtspError) => error.code,
  );

describe('a peer that is no proper camera', () => {
  it.each<[string, (request: string, socket: Socket) => string | Buffer | undefined, string]>([
    ['speaks HTTP', () => 'HTTP/1.1 400 Bad Request\r\n\r\n', 'protocol'],
    ['speaks nonsense', () => Buffer.alloc(40_000, 0x41), 'protocol'],
    ['hangs up', (_, socket) => void socket.destroy(), 'unreachable'],
    ['is full', (request) => reply(request, '453 Not Enough Bandwidth'), 'refused'],
    ['describes nothing', (request) => reply(request, '200 OK', [], 'nothing'), 'no-video'],
    [
      'sets up something else than was asked for',
      (request) =>
        request.startsWith('SETUP')
          ? reply(request, '200 OK', ['Transport: RTP/AVP;client_port=1'])
          : agree(request),
      'protocol',
    ],
  ])('%s', async (_, answer, code) => {
    expect(await codeOf(play(await listen(answer)))).toBe(code);
  });

  it('asks for the password again and again: it gets two answers, and the password never', async () => {
    let nonce = 0;
    const peer = await listen((request) => {
      nonce += 1;
      return reply(request, '401 Unauthorized', [
        `WWW-Authenticate: Digest realm="x", nonce="${nonce}", stale=TRUE`,
      ]);
    });
    expect(await codeOf(play(peer))).toBe('unauthorized');
    expect(answersIn(peer)).toBe(2);
    expect(peer.heard).not.toContain('hunter2');
  });

  it.each([
    ['the same nonce', (count: number) => (count > 0 ? 'abc' : '')],
    ['a new nonce each time', (count: number) => `n${count}`],
  ])('refuses the password with %s: it gets one answer, and no other request', async (_, nonceOf) => {
    let asked = 0;
    const peer = await listen((request) => {
      asked += 1;
      return reply(request, '401 Unauthorized', [
        `WWW-Authenticate: Digest realm="IP Camera", nonce="${nonceOf(asked)}"`,
      ]);
    });
    expect(await codeOf(play(peer))).toBe('unauthorized');
    expect(answersIn(peer)).toBe(1);
    expect(peer.heard).not.toContain('DESCRIBE');
  });

  it('asks at DESCRIBE first, and refuses the password: it gets one answer', async () => {
    const peer = await listen((request) =>
      request.startsWith('OPTIONS')
        ? agree(request)
        : reply(request, '401 Unauthorized', ['WWW-Authenticate: Digest realm="x", nonce="abc"']),
    );
    expect(await codeOf(play(peer))).toBe('unauthorized');
    expect(answersIn(peer)).toBe(1);
  });

  it('takes a nonce once: each request is answered anew', async () => {
    let nonce = 0;
    const peer = await listen((request) => {
      if (request.includes(`nonce="${nonce}"`)) {
        nonce += 1;
        return agree(request);
      }
      return reply(request, '401 Unauthorized', [`WWW-Authenticate: Digest realm="x", nonce="${nonce}"`]);
    });
    const abort = new AbortController();
    const ending = codeOf(play(peer, abort.signal));
    await eventually('it plays', () => /PLAY [\s\S]*Authorization/.test(peer.heard));
    abort.abort();
    expect(await ending).toBe('ended');
  });

  it('has a certificate for which nobody vouches', async () => {
    const server = createTlsServer(SELF_SIGNED, (socket) => socket.on('error', () => {}));
    server.on('tlsClientError', () => {});
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    owned.defer(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const url = new URL(`rtsps://127.0.0.1:${port}/cam`);
    const ending = play({ url, heard: '', sockets: new Set() });
    await expect(ending).rejects.toMatchObject({ code: 'certificate', fault: 'certificate' });
  });

  it('gives its session no name: it is told none', async () => {
    const peer = await listen((request) =>
      request.startsWith('SETUP')
        ? reply(request, '200 OK', ['Transport: RTP/AVP/TCP;unicast;interleaved=0-1'])
        : agree(request),
    );
    const abort = new AbortController();
    const ending = codeOf(play(peer, abort.signal));
    await eventually('it plays', () => peer.heard.includes('PLAY '));
    abort.abort();
    expect(await ending).toBe('ended');
    expect(peer.heard).toContain('TEARDOWN ');
    expect(peer.heard).not.toContain('Session:');
  });

  it('wants the password in the clear: it does not get it', async () => {
    const peer = await listen((request) => reply(request, '401 No', ['WWW-Authenticate: Basic realm="x"']));
    expect(await codeOf(play(peer))).toBe('insecure');
    expect(peer.heard).not.toContain('Authorization');
  });

  it('is not there', async () => {
    const peer = await listen(agree);
    await owned.disposeAsync();
    expect(await codeOf(play(peer))).toBe('unreachable');
  });
});

describe('a session that is not wanted any more', () => {
  it.each(['OPTIONS', 'DESCRIBE', 'SETUP'])('ends at once while %s is not answered', async (method) => {
    const peer = await listen((request) => (request.startsWith(method) ? undefined : agree(request)));
    const abort = new AbortController();
    const ending = codeOf(play(peer, abort.signal));
    await eventually('the request', () => peer.heard.includes(`${method} `));
    abort.abort();
    await ending;
    await eventually('the connection is closed', () => peer.sockets.size === 0);
  });

  it('says goodbye while PLAY is not answered, without waiting for that', async () => {
    const peer = await listen((request) => (/^(PLAY|TEARDOWN)/.test(request) ? undefined : agree(request)));
    const abort = new AbortController();
    const ending = codeOf(play(peer, abort.signal));
    await eventually('it plays', () => peer.heard.includes('PLAY '));
    abort.abort();
    // A request that is not answered would end it as silent.
    expect(await ending).toBe('ended');
    expect(peer.heard).toContain('TEARDOWN ');
  });

  it('says goodbye, and leaves without an answer to it', async () => {
    const peer = await listen((request) => (request.startsWith('TEARDOWN') ? undefined : agree(request)));
    const abort = new AbortController();
    const ending = codeOf(play(peer, abort.signal));
    await eventually('it plays', () => peer.heard.includes('PLAY '));
    abort.abort();
    expect(await ending).toBe('ended');
    expect(peer.heard).toContain('TEARDOWN ');
    await eventually('the connection is closed', () => peer.sockets.size === 0);
  });

  it('is ended when the camera plays and sends nothing', async () => {
    expect(await codeOf(play(await listen(agree)))).toBe('silent');
  });
});
