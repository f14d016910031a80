import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { type Challenge, chooseChallenge, toAuthorization } from './authorization.ts';
import type { CameraCredentials } from './camera-list.ts';
import { RtspError, toRtspError } from './rtsp-error.ts';
import { type RtspMessage, RtspReader, toRequest } from './rtsp-wire.ts';

const RESPONSE_TIMEOUT_MS = 6_000;

interface ConnectionOptions {
  /** Connected. */
  socket: Socket;
  /** Nobody else can read what goes over it. */
  isPrivate: boolean;
  credentials: CameraCredentials | undefined;
}

/** Requests and their answers on one connection to a camera; packets between them are handed on. Owns the socket. */
export class RtspConnection implements Disposable {
  /** Resolves once, with the reason, when the connection ends, however it does. */
  readonly ended: Promise<RtspError>;
  onPacket: (channel: number, packet: Buffer) => void = () => {};
  readonly #options: ConnectionOptions;
  readonly #reader = new RtspReader();
  readonly #waiting = new Map<number, (response: RtspMessage | RtspError) => void>();
  readonly #end: (reason: RtspError) => void;
  #sequence = 0;
  #challenge: Challenge | undefined;
  /** The camera has taken an answer of ours: name and password are right. */
  #isWelcome = false;
  #nonceCount = 0;
  #closed = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<RtspError>();
    this.ended = promise;
    this.#end = resolve;
    const { socket } = options;
    socket.on('data', (bytes) => this.#handleBytes(bytes));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      this.close(new RtspError('unreachable', error.code ?? 'failed')),
    );
    socket.on('close', () => this.close(new RtspError('unreachable', 'closed by the camera')));
  }

  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Asks, and answers the camera's question who we are if it has one.
   *
   * @throws RtspError for every answer that is not a success
   */
  async request(
    method: string,
    uri: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<RtspMessage> {
    let response = await this.#ask(method, uri, headers);
    for (let attempt = 0; response.status === 401 && attempt < 2; attempt += 1) {
      const challenge = this.#chooseChallenge(response);
      if (!this.#mayAnswer(challenge)) break;
      this.#challenge = challenge;
      this.#nonceCount = 0;
      response = await this.#ask(method, uri, headers);
    }
    if (this.#challenge && response.status !== 401) this.#isWelcome = true;
    if (response.status < 200 || response.status >= 300) throw toRtspError(response.status);
    return response;
  }

  /** Cuts the connection; whoever waits for an answer gets the reason. */
  close(reason: RtspError): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#options.socket.destroy();
    for (const answer of this.#waiting.values()) answer(reason);
    this.#waiting.clear();
    this.#end(reason);
  }

  [Symbol.dispose](): void {
    this.close(new RtspError('unreachable', 'closed'));
  }

  #chooseChallenge(response: RtspMessage): Challenge {
    const challenge = chooseChallenge(response.headers.get('www-authenticate') ?? []);
    if (!challenge || !this.#options.credentials) throw toRtspError(401);
    if (challenge.scheme === 'basic' && !this.#options.isPrivate) throw new RtspError('insecure');
    return challenge;
  }

  /**
   * A wrong password is said once a connection: cameras count, and lock the account. A nonce that has grown old is
   * another matter; not every camera calls it stale, so one that took our answer before may also simply name a new one.
   */
  #mayAnswer(challenge: Challenge): boolean {
    const answered = this.#challenge;
    if (!answered) return true;
    if (challenge.scheme === 'basic') return false;
    const isNew = answered.scheme === 'basic' || answered.nonce !== challenge.nonce;
    return challenge.stale || (isNew && this.#isWelcome);
  }

  async #ask(method: string, uri: string, headers: Readonly<Record<string, string>>): Promise<RtspMessage> {
    if (this.#closed) throw await this.ended;
    this.#sequence += 1;
    const sequence = this.#sequence;
    const { promise, resolve } = Promise.withResolvers<RtspMessage | RtspError>();
    this.#waiting.set(sequence, resolve);
    const timer = setTimeout(() => resolve(new RtspError('silent', method)), RESPONSE_TIMEOUT_MS);
    this.#options.socket.write(
      toRequest(method, uri, {
        CSeq: sequence,
        'User-Agent': 'Varta',
        ...this.#authorization(method, uri),
        ...headers,
      }),
    );
    try {
      const answer = await promise;
      if (answer instanceof RtspError) throw answer;
      return answer;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(sequence);
    }
  }

  #authorization(method: string, uri: string): Record<string, string> {
    const { credentials } = this.#options;
    if (!this.#challenge || !credentials) return {};
    this.#nonceCount += 1;
    const cnonce = randomBytes(8).toString('hex');
    const request = { method, uri, credentials, count: this.#nonceCount, cnonce };
    return { Authorization: toAuthorization(this.#challenge, request) };
  }

  #handleBytes(bytes: Buffer): void {
    try {
      for (const item of this.#reader.read(bytes)) {
        if (this.#closed) return;
        if (item.kind === 'packet') this.onPacket(item.channel, item.packet);
        else if (item.status !== 0) this.#waiting.get(Number(item.headers.get('cseq')?.[0]))?.(item);
      }
    } catch (error) {
      this.close(new RtspError('protocol', (error as Error).message));
    }
  }
}
