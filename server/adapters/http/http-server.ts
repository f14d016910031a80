import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { type ErrorCode, VartaError } from '#contract/errors.ts';
import { rawProblem } from './problems.ts';

/** A megabyte at 300 kbit/s takes 28 s; slower than this is somebody who holds connections. */
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;
const TIMEOUT_CHECK_MS = 1_000;
/** Longer than the 60 s of common proxies, so that it is the proxy who lets go first. */
const KEEP_ALIVE_MS = 65_000;
/** How long a stop waits for requests that are being answered. */
const DRAIN_MS = 5_000;

export interface HttpServiceOptions {
  requestTimeoutMs?: number;
  headersTimeoutMs?: number;
  drainMs?: number;
  /** A connection is given up because no request came of what it sent; `from` is the address of who is connected. */
  onBroken?: (code: ErrorCode, from: string) => void;
}

/** An HTTP server with its connections, those that became WebSockets included. */
export interface HttpService extends AsyncDisposable {
  readonly server: Server;
  /** Listens; gives the port. Throws when the address is taken. */
  listen(address: { port: number; host: string }): Promise<number>;
}

/** An HTTP server that gives slow and malformed requests up with a problem. Disposal lets requests under way finish. */
export function createHttpService(listener: RequestListener, options: HttpServiceOptions = {}): HttpService {
  const server = createServer(
    {
      requestTimeout: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
      headersTimeout: options.headersTimeoutMs ?? HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    listener,
  );
  const connections = new Set<Socket>();
  server.on('connection', (connection) => {
    connections.add(connection);
    connection.once('close', () => connections.delete(connection));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, connection) => {
    const socket = connection as Socket;
    const from = socket.remoteAddress;
    const code = answerBrokenRequest(error, socket);
    if (code !== undefined) options.onBroken?.(code, from ?? 'unknown');
  });
  return {
    server,
    listen: async ({ port, host }) => {
      server.listen(port, host);
      await once(server, 'listening');
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('not listening on a port');
      return address.port;
    },
    [Symbol.asyncDispose]: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const timer = setTimeout(() => {
        for (const connection of connections) connection.destroy();
      }, options.drainMs ?? DRAIN_MS);
      await closed;
      clearTimeout(timer);
    },
  };
}

/** Gives what it was refused with; undefined when it went away by itself. */
function answerBrokenRequest(error: NodeJS.ErrnoException, connection: Socket): ErrorCode | undefined {
  if (error.code === 'ECONNRESET' || !connection.writable) {
    connection.destroy();
    return undefined;
  }
  const refusal = toRefusal(error.code);
  connection.end(rawProblem(refusal));
  return refusal.code;
}

function toRefusal(code: string | undefined): VartaError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new VartaError('request_timeout');
  if (code === 'HPE_HEADER_OVERFLOW')
    return new VartaError('too_large', 'the headers are larger than allowed');
  return new VartaError('malformed');
}
