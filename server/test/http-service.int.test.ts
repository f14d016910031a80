import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createHttpService, type HttpService } from '../adapters/http/http-server.ts';

let service: HttpService | undefined;
let requests = 0;
afterEach(async () => {
  await service?.[Symbol.asyncDispose]();
});

async function open(timeouts: Parameters<typeof createHttpService>[1]): Promise<number> {
  requests = 0;
  service = createHttpService((request, response) => {
    requests += 1;
    request.resume();
    request.on('end', () => response.end('done'));
  }, timeouts);
  return service.listen({ port: 0, host: '127.0.0.1' });
}

/** Sends bytes and leaves the connection open; the answer is what comes until the other side closes. */
function send(port: number, bytes: string): { connection: Socket; answer: Promise<string> } {
  const connection = connect(port, '127.0.0.1', () => connection.write(bytes));
  let text = '';
  connection.on('data', (chunk) => {
    text += chunk.toString();
  });
  return { connection, answer: once(connection, 'close').then(() => text) };
}

test('a body that does not come is given up with a problem', async () => {
  const port = await open({ requestTimeoutMs: 300, headersTimeoutMs: 200 });
  const { answer } = send(port, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf');
  expect(await answer).toMatch(
    /^HTTP\/1\.1 408 [\s\S]*application\/problem\+json[\s\S]*"code":"request_timeout"/,
  );
});

test('headers that do not come are given up with a problem', async () => {
  const port = await open({ requestTimeoutMs: 300, headersTimeoutMs: 200 });
  expect(await send(port, 'GET / HTTP/1.1\r\nHost:').answer).toContain('"code":"request_timeout"');
});

test('headers without end are refused', async () => {
  const port = await open({});
  const { answer } = send(port, `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`);
  expect(await answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*"code":"too_large"/);
});

test('a stop lets the request under way finish, and does not wait for a connection that hangs', async () => {
  const port = await open({ drainMs: 500 });
  const hanging = send(port, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf');
  const slow = send(port, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nConnection: close\r\n\r\nha');
  await expect.poll(() => requests).toBe(2);
  const stopped = service?.[Symbol.asyncDispose]();
  slow.connection.write('lf');
  expect(await slow.answer).toContain('done');
  await stopped;
  expect(await hanging.answer).toBe('');
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
});
