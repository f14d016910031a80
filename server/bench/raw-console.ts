import { randomUUID } from 'node:crypto';
import { LIVE_MESSAGES } from '#contract/live.ts';
import { PROTOCOL_VERSION } from '#contract/version.ts';

/** Packets of Engine.IO 4 and Socket.IO 5 that a console of the benchmark speaks. */
const ENGINE_OPEN = '0';
const ENGINE_PING = '2';
const ENGINE_PONG = '3';
const NAMESPACE = '/console';
const CONNECTED = `40${NAMESPACE},`;
const ACKNOWLEDGED = `43${NAMESPACE},0`;
const EVENT = `42${NAMESPACE},`;

interface ConsoleOptions {
  origin: string;
  cookie: string;
  batched: boolean;
  /** Gets every message as it came, with its name still in it; without it, messages are only counted. */
  onMessage?: (json: string) => void;
}

export interface RawConsole {
  readonly messages: number;
  close(): void;
}

/**
 * A page that is signed in and follows every region. It speaks the protocol by hand and parses only what it is asked
 * to, so that two hundred of them do not become what is measured.
 */
export async function openRawConsole(options: ConsoleOptions): Promise<RawConsole> {
  const { origin, cookie, batched, onMessage } = options;
  const url = `${origin.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;
  // Node's WebSocket takes headers, which the standard's does not.
  const socket: WebSocket = Reflect.construct(WebSocket, [url, { headers: { cookie } }]);
  const subscribed = Promise.withResolvers<void>();
  let messages = 0;
  socket.addEventListener('error', () => subscribed.reject(new Error('the console was refused')));
  socket.addEventListener('message', ({ data }) => {
    const packet = String(data);
    if (packet === ENGINE_PING) socket.send(ENGINE_PONG);
    else if (packet.startsWith(ENGINE_OPEN))
      socket.send(`${CONNECTED}${JSON.stringify({ protocol: PROTOCOL_VERSION, tabId: randomUUID() })}`);
    else if (packet.startsWith(CONNECTED))
      socket.send(`42${NAMESPACE},0${JSON.stringify([LIVE_MESSAGES.subscribe, { regions: [], batched }])}`);
    else if (packet.startsWith(ACKNOWLEDGED)) subscribed.resolve();
    else if (packet.startsWith(EVENT)) {
      messages += 1;
      onMessage?.(packet.slice(EVENT.length));
    } else subscribed.reject(new Error(`the console was refused: ${packet}`));
  });
  await subscribed.promise;
  return {
    get messages() {
      return messages;
    },
    close: () => socket.close(),
  };
}
