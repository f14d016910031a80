import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** Where pulled media leaves this process for the workers: one UDP socket on loopback for all feeds. */
export class RtpOutlet implements AsyncDisposable {
  readonly #socket: Socket;
  readonly address: { ip: string; port: number };
  #closed = false;

  /** Leaves nothing open where it rejects, as it does when the system has no file handle to spare. */
  static async open(): Promise<RtpOutlet> {
    await using owned = new AsyncDisposableStack();
    const socket = owned.use(
      createSocket({
        type: 'udp4',
        // Nothing to look up, and no turn of the event loop for it with each packet.
        lookup: (host, _options, done) => done(null, host, 4),
      }),
    );
    const listening = once(socket, 'listening');
    socket.bind(0, '127.0.0.1');
    await listening;
    const outlet = new RtpOutlet(socket);
    owned.move();
    return outlet;
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    const { address, port } = socket.address();
    this.address = { ip: address, port };
    // Keyframe requests come back, and a camera that is pulled cannot answer them. Errors: a worker that has just gone.
    socket.on('error', () => {});
  }

  /** Newest wins: what the system has no room for is lost, as on any network. */
  send(packet: Buffer, port: number): void {
    if (!this.#closed) this.#socket.send(packet, port, this.address.ip, () => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }
}
