import { setTimeout as delay } from 'node:timers/promises';
import { GRANT_TTL_SECONDS } from '#contract/grants.ts';
import type { Figure } from '../../bench/report.ts';
import { eventually } from '../../sfu/test/fixtures/eventually.ts';
import { launchTestBrowser, type TestBrowser } from '../../sfu/test/fixtures/test-page.ts';
import {
  GATE_AREA,
  GATE_FEED,
  type GateSystem,
  type PacketViewer,
  startGateSystem,
} from '../test/fixtures/gate-system.ts';
import { launchWhepBrowser, type WhepBrowser } from '../test/fixtures/whep-page.ts';
import { actAs, enrolDisplay, postEvent, revokeKeys } from './rights-acts.ts';

const ROUNDS = 6;
/** Nothing for this long is taken for the end of a stream that has 15 pictures a second. */
const SILENCE_MS = 1_500;

interface Bench {
  system: GateSystem;
  pages: TestBrowser;
  players: WhepBrowser;
}

/**
 * From the end of a right (a session, a role, a scope, an account, a display, a facility's key) and from what makes an area confidential (an
 * event of its facility, a person on a console), always at another server than the page's, to the last RTP packet that
 * Chromium receives of it: in a tile on the node that the feed enters, in one on another node, and in a standard player
 * (WHEP); of the gate, to the last still that is given, too. At last, with Redis gone. The camera is behind an edge and
 * sends all the time. The worst of all rounds counts; where nothing came after the request, the last packet is before it.
 */
export async function measureLastPackets(rounds = ROUNDS): Promise<Figure[]> {
  await using owned = new AsyncDisposableStack();
  const system = owned.use(await startGateSystem());
  const pages = owned.use(await launchTestBrowser());
  const players = owned.use(await launchWhepBrowser());
  const bench = { system, pages, players };
  await postEvent(system, 'CELL_PLACED');

  const sessions: number[] = [];
  const roles: number[] = [];
  const scopes: number[] = [];
  const accounts: number[] = [];
  const displays: number[] = [];
  const gated: number[] = [];
  const stills: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    sessions.push(...(await measureRound(() => everywhere(bench), endSessions(system))));
    roles.push(...(await changeAccount(bench, { role: 'admin' })));
    scopes.push(...(await changeAccount(bench, { scope: { kind: 'regions', regionIds: ['UA-32'] } })));
    accounts.push(...(await changeAccount(bench, { disabled: true })));
    displays.push(...(await revokeDisplay(bench)));
    const closed = await closeArea(bench, round % 2 === 0 ? 'event' : 'person');
    gated.push(...closed.packets);
    stills.push(closed.stillMs);
  }
  const away = await loseRedis(bench);
  const admin = await actAs(system, 'admin');
  const keys = await measureRound(
    () => everywhere(bench),
    () => revokeKeys(admin),
  );

  const revoked = { sessions, roles, scopes, accounts, displays, keys };
  return [
    {
      id: 'revoked-last-packet',
      figure: Math.max(0, ...Object.values(revoked).flat()) / 1_000,
      note: `tiles on two nodes and a player, worst of ${rounds} rounds each: ${Object.entries(revoked)
        .map(([what, ms]) => `${what} ${Math.round(Math.max(0, ...ms))} ms`)
        .join(', ')}`,
    },
    {
      id: 'gate-last-packet',
      figure: Math.max(0, ...gated),
      note: `worst of ${rounds} rounds, tiles on two nodes and a player: ${gated.map(Math.round).join(' ')} ms`,
    },
    {
      id: 'gate-last-still',
      figure: Math.max(0, ...stills),
      note: `worst of ${rounds} rounds: ${stills.map(Math.round).join(' ')} ms`,
    },
    {
      id: 'redis-gone-last-packet',
      figure: Math.max(0, ...away) / 1_000,
      note: `grants live ${GRANT_TTL_SECONDS} s; between machines as much longer as their clocks differ`,
    },
  ];
}

/** Somebody on the node that the feed enters, on another one, and with a player. */
async function everywhere(
  { system, pages, players }: Bench,
  username = 'situation',
): Promise<PacketViewer[]> {
  return [
    await system.openTile(pages, { nodeId: 'sfu-one', username }),
    await system.openTile(pages, { nodeId: 'sfu-two', username }),
    await system.openPlayer(players, username),
  ];
}

/** Everybody who watches is signed out, at the server that their pages are not at. */
function endSessions({ servers }: GateSystem) {
  return (viewers: readonly PacketViewer[]) =>
    Promise.all(viewers.map(({ cookie }) => servers[1].signOut(cookie)));
}

/** Somebody's rights are changed, by which they lose this area, and given back. */
async function changeAccount(bench: Bench, change: object): Promise<number[]> {
  const admin = await actAs(bench.system, 'admin');
  const path = '/api/v1/accounts/prosecutor';
  const measured = await measureRound(
    () => everywhere(bench, 'prosecutor'),
    () => admin('PATCH', path, change),
  );
  await admin('PATCH', path, { role: 'prosecutor', scope: { kind: 'nation' }, disabled: false });
  return measured;
}

async function revokeDisplay(bench: Bench): Promise<number[]> {
  const { system, pages } = bench;
  const situation = await actAs(system, 'situation');
  const { displayId, cookie } = await enrolDisplay(system, situation);
  return measureRound(
    async () => [
      await system.openTile(pages, { nodeId: 'sfu-one', display: cookie }),
      await system.openTile(pages, { nodeId: 'sfu-two', display: cookie }),
    ],
    () => situation('POST', `/api/v1/displays/${displayId}/revocation`, { reason: 'bench' }),
  );
}

/** The area closes by an event of its facility, or by a person, and opens again. */
async function closeArea(
  bench: Bench,
  by: 'event' | 'person',
): Promise<{ packets: number[]; stillMs: number }> {
  const { system } = bench;
  const situation = await actAs(system, 'situation');
  const watcher = await system.servers[0].signIn('situation');
  const gate = `/api/v1/areas/${GATE_AREA}/gate`;
  let stillMs = 0;
  const close = async () => {
    const askedAtMs = Date.now();
    const refused = lastStillAtMs(system, watcher);
    if (by === 'event') await postEvent(system, 'MEDICAL_EXAM_STARTED');
    else await situation('POST', gate, { act: 'open', minutes: 5, reason: 'bench' });
    stillMs = (await refused) - askedAtMs;
  };
  const packets = await measureRound(() => everywhere(bench), close);
  if (by === 'event') await postEvent(system, 'MEDICAL_EXAM_ENDED');
  else await situation('POST', gate, { act: 'close' });
  return { packets, stillMs };
}

/** Asks for the still one time after the other until it is refused; gives when the last was on its way, in ms since 1970. */
async function lastStillAtMs({ call }: GateSystem, cookie: string): Promise<number> {
  for (let lastMs = 0; ; ) {
    const { status } = await call(cookie, `/api/v1/feeds/${GATE_FEED}/poster.jpg`);
    if (status === 403) return lastMs;
    if (status === 200) lastMs = Date.now();
  }
}

/** Nobody can say any more who may: what was granted runs out. */
async function loseRedis(bench: Bench): Promise<number[]> {
  const { redis, servers } = bench.system;
  const measured = await measureRound(
    () => everywhere(bench),
    () => redis.kill(),
  );
  await redis.start();
  await eventually('the server is ready', async () => (await fetch(`${servers[0].origin}/readyz`)).ok, {
    withinMs: 30_000,
  });
  return measured;
}

/** Somebody watches in each way; milliseconds from `close` to the last packet of each. */
async function measureRound(
  open: () => Promise<PacketViewer[]>,
  close: (viewers: readonly PacketViewer[]) => Promise<unknown>,
): Promise<number[]> {
  await using owned = new AsyncDisposableStack();
  const viewers = await open();
  for (const viewer of viewers) owned.use(viewer);
  // Chromium tells when packets came by a clock of its own; a picture lasts 67 ms.
  for (const viewer of viewers)
    await eventually('its clock is ours', async () => {
      const ageMs = Date.now() - (await viewer.lastPacketAtMs());
      return ageMs > -5 && ageMs < 100;
    });
  const closedAtMs = Date.now();
  await close(viewers);
  await silenceOf(viewers);
  // Awaited here: what is asked is closed with this block.
  const lastAtMs = await Promise.all(viewers.map((viewer) => viewer.lastPacketAtMs()));
  return lastAtMs.map((atMs) => atMs - closedAtMs);
}

/** Waits until none of them has received anything for a while. */
async function silenceOf(viewers: readonly PacketViewer[]): Promise<void> {
  const count = async () => JSON.stringify(await Promise.all(viewers.map((viewer) => viewer.packets())));
  for (let last = await count(); ; ) {
    await delay(SILENCE_MS);
    const now = await count();
    if (now === last) return;
    last = now;
  }
}
