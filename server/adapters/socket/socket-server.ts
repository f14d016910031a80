import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { Server } from 'socket.io';
import { refuseHandshake } from './handshake.ts';

/** Largest message of a peer: a page's RTP capabilities are about 10 kB, a full `media:watch` twice that. */
const MAX_MESSAGE_BYTES = 256 * 1024;
/** A connection that has not joined a namespace by then is closed. */
const JOIN_TIMEOUT_MS = 10_000;
/** A path that is cut without a word is noticed after the sum of both. */
const PING_INTERVAL_MS = 5_000;
const PING_TIMEOUT_MS = 5_000;

/**
 * Sockets on the HTTP server's port, over WebSocket only: no sticky sessions are needed. There is no adapter between
 * replicas, because nothing is ever sent from one replica's code to another replica's socket: what crosses goes through
 * Redis channels of our own.
 */
export function createSocketServer(
  http: HttpServer,
  isSafe: (handshake: IncomingMessage) => boolean = () => true,
): Server {
  const io = new Server(http, {
    transports: ['websocket'],
    serveClient: false,
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    connectTimeout: JOIN_TIMEOUT_MS,
    pingInterval: PING_INTERVAL_MS,
    pingTimeout: PING_TIMEOUT_MS,
    perMessageDeflate: false,
    // What is refused here has sent neither cookie nor key that anybody looked at.
    allowRequest: (handshake, answer) =>
      isSafe(handshake) ? answer(null, true) : answer('https_required', false),
  });
  // The default namespace is nobody's.
  io.use((_socket, next) => next(refuseHandshake('not_found')));
  return io;
}

/** Closes every socket of every namespace; the HTTP server stays its owner's. */
export function closeSockets(io: Server): void {
  io.disconnectSockets(true);
  io.engine.close();
}
