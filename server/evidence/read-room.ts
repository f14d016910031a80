import { VartaError } from '#contract/errors.ts';

/** Memory of one server for pictures that are on their way to those who asked for them; bytes. */
const MAX_BYTES = 512_000_000;

interface Answer {
  readonly closed: boolean;
  once(event: 'close', listener: () => void): unknown;
}

/** Counts what is in memory of pictures until it is sent. */
export class ReadRoom {
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes = MAX_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** Takes so much until the response is over, whichever way. One alone always may. @throws VartaError `limit_reached`. */
  take(bytes: number, response: Answer): void {
    if (response.closed) return;
    if (this.#bytes > 0 && this.#bytes + bytes > this.#maxBytes)
      throw new VartaError('limit_reached', 'too many pictures are being given out at this moment');
    this.#bytes += bytes;
    response.once('close', () => {
      this.#bytes -= bytes;
    });
  }
}
