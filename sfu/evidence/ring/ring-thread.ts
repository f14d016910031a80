import { createSocket } from 'node:dgram';
import { parentPort } from 'node:worker_threads';
import type { FromRingThread, ToRingThread } from './ring-messages.ts';
import { RingRoom } from './ring-room.ts';

/** The thread of rings: one socket on loopback that the media workers of this node send to. Run by `RingHost`. */

const LOOPBACK = '127.0.0.1';
const FORGET_EVERY_MS = 1_000;
/** For the keyframes of many feeds at once; the system may give less. */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

const port = parentPort;
if (!port) throw new Error('This is run as a thread');
const tell = (message: FromRingThread) => port.postMessage(message);
const room = new RingRoom(tell);
const socket = createSocket({ type: 'udp4', recvBufferSize: RECEIVE_BUFFER_BYTES });
socket.on('message', (datagram, { address, port: source }) => {
  if (address === LOOPBACK) room.handleDatagram(datagram, source, Date.now());
});
port.on('message', (message: ToRingThread) => room.handle(message, Date.now()));
setInterval(() => room.forgetOld(Date.now()), FORGET_EVERY_MS);
socket.bind(0, LOOPBACK, () => tell({ type: 'ready', port: socket.address().port }));
