import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { io } from 'socket.io-client';
import { z } from 'zod';
import { Refusal } from '#contract/errors.ts';
import { Done, MEDIA_MESSAGES, MediaJoined, MediaWatching } from '#contract/media.ts';
import { PROTOCOL_VERSION } from '#contract/version.ts';
import type { Figure } from '../../bench/report.ts';
import { eventually } from '../../sfu/test/fixtures/eventually.ts';
import { launchTestBrowser, type TestBrowser } from '../../sfu/test/fixtures/test-page.ts';
import { launchWhepBrowser, type WhepBrowser } from '../test/fixtures/whep-page.ts';
import { FEED, startWhepSystem, type WhepSystem } from '../test/fixtures/whep-system.ts';

const ROUNDS = 8;
const FACILITY = 'ua-68-itt-1';
const AREA = 'ua-68-itt-1-cell-2';
/** Nothing for this long is taken for the end of a stream that has 15 pictures a second. */
const SILENCE_MS = 1_500;

/** Somebody who receives packets of a feed. */
interface Receiver extends AsyncDisposable {
  /** When the last packet came, in milliseconds since 1970. */
  lastPacketAtMs(): Promise<number>;
}

interface Bench {
  system: WhepSystem;
  pages: TestBrowser;
  players: WhepBrowser;
}

/**
 * From the end of a session (at another replica than the page's), and from the posting of the event that makes an area
 * confidential, to the last RTP packet that Chromium receives of it: in a tile of a page, and in a standard player (WHEP)
 * of the same session. The worst of all rounds counts; where nothing came after the request, the last packet is before it.
 */
export async function measureLastPackets(): Promise<Figure[]> {
  await using owned = new AsyncDisposableStack();
  const system = owned.use(await startWhepSystem());
  const pages = owned.use(await launchTestBrowser());
  const players = owned.use(await launchWhepBrowser());
  const bench = { system, pages, players };
  await post(system, [{ type: 'CELL_PLACED', areaId: AREA }]);

  const revoked: number[] = [];
  const gated: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    revoked.push(...(await measureRound(bench, (cookie) => system.servers[1].signOut(cookie))));
    gated.push(
      ...(await measureRound(bench, () => post(system, [{ type: 'MEDICAL_EXAM_STARTED', areaId: AREA }]))),
    );
    await post(system, [{ type: 'MEDICAL_EXAM_ENDED', areaId: AREA }]);
  }
  const note = (ms: readonly number[]) =>
    `worst of ${ROUNDS} rounds, tile and player: ${ms.map(Math.round).join(' ')} ms`;
  return [
    { id: 'revoked-last-packet', figure: Math.max(0, ...revoked) / 1_000, note: note(revoked) },
    { id: 'gate-last-packet', figure: Math.max(0, ...gated), note: note(gated) },
  ];
}

/** Somebody signs in and watches in both ways; milliseconds from `close` to the last packet of each. */
async function measureRound(
  { system, pages, players }: Bench,
  close: (cookie: string) => Promise<unknown>,
): Promise<number[]> {
  await using owned = new AsyncDisposableStack();
  const [server] = system.servers;
  const cookie = await server.signIn('situation');
  const token = await eventually('the area may be seen', async () => {
    const response = await fetch(`${server.origin}/api/v1/feeds/${FEED}/viewer-token`, {
      method: 'POST',
      headers: { cookie, origin: server.origin },
    });
    const body = (await response.json()) as { token?: string };
    return response.ok && body.token;
  });
  const player = owned.use(await players.open());
  await player.view(`${server.origin}/whep/${FEED}`, token);
  const tile = owned.use(await openTile(server.origin, cookie, pages));
  await player.seesMore();
  // Chromium tells when packets came by a clock of its own; a picture lasts 67 ms.
  await eventually('its clock is ours', async () => {
    const ageMs = Date.now() - (await player.picture()).lastPacketAtMs;
    return ageMs > -5 && ageMs < 100;
  });

  const closedAtMs = Date.now();
  await close(cookie);
  return [(await tile.lastPacketAtMs()) - closedAtMs, (await player.lastPacketAtMs()) - closedAtMs];
}

/** A page that receives the feed as a tile of a wall does. */
async function openTile(origin: string, cookie: string, browser: TestBrowser): Promise<Receiver> {
  const socket = io(`${origin}/console`, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth: { protocol: PROTOCOL_VERSION, tabId: randomUUID() },
    extraHeaders: { cookie, origin },
  });
  const ask = async <S extends z.ZodType>(name: string, reply: S, payload: object): Promise<z.infer<S>> => {
    const raw: unknown = await socket.timeout(10_000).emitWithAck(name, payload);
    const refused = Refusal.safeParse(raw);
    if (refused.success) throw new Error(`${name}: ${refused.data.code}`);
    return reply.parse(z.object({ ok: z.literal(true), result: z.unknown() }).parse(raw).result);
  };
  const joined = await ask(MEDIA_MESSAGES.join, MediaJoined, {});
  if (joined.adopted) throw new Error('adopted out of nothing');
  const page = await browser.open();
  const { id: transportId } = joined.transport;
  const rtpCapabilities = await page.join(joined, (dtlsParameters) =>
    ask(MEDIA_MESSAGES.connect, Done, { transportId, dtlsParameters }),
  );
  const consumer = await eventually('a consumer', async () => {
    const feeds = [{ feedId: FEED, layer: 'low' }];
    const [watched] = (await ask(MEDIA_MESSAGES.watch, MediaWatching, { rtpCapabilities, feeds })).feeds;
    return watched?.ok && watched.consumer;
  });
  await page.page.evaluate((one) => window.receiver.consume([one as never]), consumer);
  await ask(MEDIA_MESSAGES.resume, Done, { consumerIds: [consumer.id] });
  const stats = () => page.page.evaluate((id) => window.receiver.stats(id), consumer.id);
  await eventually('pictures', async () => (await stats()).frames > 5, { withinMs: 20_000 });
  return {
    lastPacketAtMs: async () => {
      let last = await stats();
      for (;;) {
        await delay(SILENCE_MS);
        const now = await stats();
        if (now.packets === last.packets) return now.lastPacketAtMs;
        last = now;
      }
    },
    [Symbol.asyncDispose]: async () => {
      socket.disconnect();
      await page.page.close();
    },
  };
}

/** Posts events of one person in the facility, as having happened now. */
async function post(system: WhepSystem, events: readonly { type: string; areaId: string }[]): Promise<void> {
  const [server] = system.servers;
  const at = new Date().toISOString();
  const common = { occurredAt: at, recordedAt: at, recordedBy: 'bench', caseId: 'cr-bench-1' };
  const response = await fetch(`${server.origin}/api/v1/custody/events`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${server.facilityKeyOf(FACILITY)}`,
    },
    body: JSON.stringify({ events: events.map((event) => ({ ...common, id: randomUUID(), ...event })) }),
  });
  const text = await response.text();
  if (!response.ok || !text.includes('accepted')) throw new Error(`event not accepted: ${text}`);
}
