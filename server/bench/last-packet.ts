import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Figure } from '../../bench/report.ts';
import { eventually } from '../../sfu/test/fixtures/eventually.ts';
import { launchTestBrowser, type TestBrowser } from '../../sfu/test/fixtures/test-page.ts';
import {
  GATE_AREA,
  GATE_FACILITY,
  type GateSystem,
  type PacketViewer,
  startGateSystem,
} from '../test/fixtures/gate-system.ts';
import { launchWhepBrowser, type WhepBrowser } from '../test/fixtures/whep-page.ts';

const ROUNDS = 6;
/** Nothing for this long is taken for the end of a stream that has 15 pictures a second. */
const SILENCE_MS = 1_500;

interface Bench {
  system: GateSystem;
  pages: TestBrowser;
  players: WhepBrowser;
}

/**
 * From the end of a session (at another server than the page's), and from what makes an area confidential (an event of its
 * facility, a person on a console), to the last RTP packet that Chromium receives of it: in a tile on the node that the
 * feed enters, in one on another node, and in a standard player (WHEP). The camera is behind an edge and sends all the
 * time. The worst of all rounds counts; where nothing came after the request, the last packet is before it.
 */
export async function measureLastPackets(): Promise<Figure[]> {
  await using owned = new AsyncDisposableStack();
  const system = owned.use(await startGateSystem());
  const pages = owned.use(await launchTestBrowser());
  const players = owned.use(await launchWhepBrowser());
  const bench = { system, pages, players };
  await post(system, 'CELL_PLACED');

  const revoked: number[] = [];
  const gated: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    revoked.push(...(await measureRound(bench, endSessions(system))));
    if (round % 2 === 0) {
      gated.push(...(await measureRound(bench, () => post(system, 'MEDICAL_EXAM_STARTED'))));
      await post(system, 'MEDICAL_EXAM_ENDED');
    } else {
      const cookie = await system.servers[1].signIn('situation');
      gated.push(...(await measureRound(bench, () => setGate(system, cookie, OPEN))));
      await setGate(system, cookie, { act: 'close' });
    }
  }
  const note = (ms: readonly number[]) =>
    `worst of ${ROUNDS} rounds, tiles on two nodes and a player: ${ms.map(Math.round).join(' ')} ms`;
  return [
    { id: 'revoked-last-packet', figure: Math.max(0, ...revoked) / 1_000, note: note(revoked) },
    { id: 'gate-last-packet', figure: Math.max(0, ...gated), note: note(gated) },
  ];
}

const OPEN = { act: 'open', minutes: 5, reason: 'bench' };

/** Everybody who watches is signed out, at the server that their pages are not at. */
function endSessions({ servers }: GateSystem) {
  return (viewers: readonly PacketViewer[]) =>
    Promise.all(viewers.map(({ cookie }) => servers[1].signOut(cookie)));
}

async function setGate(system: GateSystem, cookie: string, body: object): Promise<void> {
  const { ok, status } = await system.call(cookie, `/api/v1/areas/${GATE_AREA}/gate`, body);
  if (!ok) throw new Error(`gate: ${status}`);
}

/** Somebody watches in each way; milliseconds from `close` to the last packet of each. */
async function measureRound(
  { system, pages, players }: Bench,
  close: (viewers: readonly PacketViewer[]) => Promise<unknown>,
): Promise<number[]> {
  await using owned = new AsyncDisposableStack();
  const viewers = [
    owned.use(await system.openTile(pages, { nodeId: 'sfu-one' })),
    owned.use(await system.openTile(pages, { nodeId: 'sfu-two' })),
    owned.use(await system.openPlayer(players)),
  ];
  // Chromium tells when packets came by a clock of its own; a picture lasts 67 ms.
  for (const viewer of viewers)
    await eventually('its clock is ours', async () => {
      const ageMs = Date.now() - (await viewer.lastPacketAtMs());
      return ageMs > -5 && ageMs < 100;
    });
  const closedAtMs = Date.now();
  await close(viewers);
  await silenceOf(viewers);
  return Promise.all(viewers.map(async (viewer) => (await viewer.lastPacketAtMs()) - closedAtMs));
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

/** Posts an event of one person in the area, as having happened now. */
async function post(system: GateSystem, type: string): Promise<void> {
  const [server] = system.servers;
  const at = new Date().toISOString();
  const event = {
    id: randomUUID(),
    type,
    areaId: GATE_AREA,
    caseId: 'cr-bench-1',
    occurredAt: at,
    recordedAt: at,
    recordedBy: 'bench',
  };
  const response = await fetch(`${server.origin}/api/v1/custody/events`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${server.facilityKeyOf(GATE_FACILITY)}`,
    },
    body: JSON.stringify({ events: [event] }),
  });
  const text = await response.text();
  if (!response.ok || !text.includes('accepted')) throw new Error(`event not accepted: ${text}`);
}
