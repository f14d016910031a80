import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bare } from '../../client/bench/bare-page.ts';
import { eventually, freePort } from '../../client/e2e/fixtures/processes.ts';
import type { Side } from './side.ts';

const PAYLOAD_TYPE = 96;
const FIRST_RTP_PORT = 28_000;
const MOUNTPOINT = 1;

/** Janus with its streaming plugin: one mountpoint with a video for each feed, as others would build a wall on it. */
export async function startJanus(feeds: number): Promise<Side> {
  await using owned = new AsyncDisposableStack();
  const folder = owned.adopt(mkdtempSync(join(tmpdir(), 'varta-janus-')), (path) =>
    rmSync(path, { recursive: true, force: true }),
  );
  const port = await freePort();
  for (const [name, text] of Object.entries(configure({ feeds, port, address: ownAddress() })))
    writeFileSync(join(folder, name), text);
  const child = spawn(process.env.JANUS_BIN ?? 'janus', ['-F', folder, '-C', join(folder, 'janus.jcfg')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  owned.defer(async () => {
    const exited = new Promise((done) => child.once('exit', done));
    if (child.exitCode === null && child.kill('SIGKILL')) await exited;
  });
  const url = `ws://127.0.0.1:${port}`;
  await eventually('Janus listens', 20_000, async () => isOpen(url));
  const sessions = new DisposableStack();
  owned.defer(() => sessions.dispose());
  const moved = owned.move();

  return {
    processIds: () => [child.pid ?? -1],
    openViewer: async (page, name) => {
      const session = sessions.use(await JanusSession.open(url));
      const offer = await session.watch(MOUNTPOINT);
      const answer = await page.evaluate(
        ({ name, offer }) => (window as unknown as { bare: Bare }).bare.answer(name, offer),
        { name, offer },
      );
      await session.start(answer);
    },
    targets: async () =>
      Array.from({ length: feeds }, (_, index) => ({
        ip: '127.0.0.1',
        port: FIRST_RTP_PORT + 2 * index,
        payloadType: PAYLOAD_TYPE,
        ssrc: 20_000 + index,
      })),
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  };
}

/** Janus takes no part in ICE on the loopback address; packets to the machine's own address do not leave it either. */
function ownAddress(): string {
  const own = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal);
  if (!own) throw new Error('Janus needs an address that is not the loopback one');
  return own.address;
}

function configure({ feeds, port, address }: { feeds: number; port: number; address: string }) {
  const media = Array.from(
    { length: feeds },
    (_, index) =>
      `{ type = "video", mid = "v${index}", label = "feed ${index}", port = ${FIRST_RTP_PORT + 2 * index}, rtcpport = ${FIRST_RTP_PORT + 2 * index + 1}, iface = "127.0.0.1", pt = ${PAYLOAD_TYPE}, codec = "h264", fmtp = "profile-level-id=42e01f;packetization-mode=1" }`,
  );
  return {
    'janus.jcfg': `general: { debug_level = 2, session_timeout = 0, disable_colors = true }
nat: { ice_enforce_list = "${address}", full_trickle = false }
plugins: { disable = "libjanus_audiobridge.so,libjanus_duktape.so,libjanus_echotest.so,libjanus_lua.so,libjanus_nosip.so,libjanus_recordplay.so,libjanus_sip.so,libjanus_textroom.so,libjanus_videocall.so,libjanus_videoroom.so,libjanus_voicemail.so" }
transports: { disable = "libjanus_http.so,libjanus_mqtt.so,libjanus_nanomsg.so,libjanus_pfunix.so,libjanus_rabbitmq.so" }
events: { broadcast = false }
`,
    'janus.transport.websockets.jcfg': `general: { ws = true, ws_port = ${port}, ws_ip = "127.0.0.1", wss = false }\nadmin: { admin_ws = false }\n`,
    'janus.plugin.streaming.jcfg': `general: { }\nwall: { type = "rtp", id = ${MOUNTPOINT}, description = "wall", media = (\n${media.join(',\n')}\n) }\n`,
  };
}

async function isOpen(url: string): Promise<boolean> {
  const socket = new WebSocket(url, 'janus-protocol');
  const opened = await new Promise<boolean>((resolve) => {
    socket.onopen = () => resolve(true);
    socket.onerror = () => resolve(false);
  });
  socket.close();
  return opened;
}

interface JanusMessage {
  janus: string;
  transaction?: string;
  data?: { id: number };
  jsep?: { type: string; sdp: string };
  plugindata?: { data?: { error?: string } };
}

/** One viewer's session at Janus, with a handle of the streaming plugin. */
class JanusSession implements Disposable {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<string, (message: JanusMessage) => void>();
  #sessionId = 0;
  #handleId = 0;

  static async open(url: string): Promise<JanusSession> {
    const socket = new WebSocket(url, 'janus-protocol');
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = reject;
    });
    const session = new JanusSession(socket);
    session.#sessionId = (await session.#ask({ janus: 'create' })).data?.id ?? 0;
    session.#handleId =
      (await session.#ask({ janus: 'attach', plugin: 'janus.plugin.streaming' })).data?.id ?? 0;
    return session;
  }

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(String(data)) as JanusMessage;
      // What takes time is acknowledged first; the answer proper comes later under the same name.
      if (message.janus === 'ack' || message.transaction === undefined) return;
      const resolve = this.#waiting.get(message.transaction);
      this.#waiting.delete(message.transaction);
      resolve?.(message);
    };
  }

  /** Janus' offer for all videos of the mountpoint. */
  async watch(id: number): Promise<string> {
    const { jsep, plugindata } = await this.#ask({ janus: 'message', body: { request: 'watch', id } });
    if (!jsep) throw new Error(`Janus gives no offer: ${plugindata?.data?.error}`);
    return jsep.sdp;
  }

  async start(sdp: string): Promise<void> {
    await this.#ask({ janus: 'message', body: { request: 'start' }, jsep: { type: 'answer', sdp } });
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }

  #ask(message: object): Promise<JanusMessage> {
    const transaction = crypto.randomUUID();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('Janus does not answer')), 10_000);
      this.#waiting.set(transaction, (answer) => {
        clearTimeout(timer);
        if (answer.janus === 'error') reject(new Error(JSON.stringify(answer)));
        else resolve(answer);
      });
      const ids = {
        ...(this.#sessionId ? { session_id: this.#sessionId } : {}),
        ...(this.#handleId ? { handle_id: this.#handleId } : {}),
      };
      this.#socket.send(JSON.stringify({ ...message, ...ids, transaction }));
    });
  }
}
