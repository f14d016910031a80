import { beforeAll, describe, expect, it } from 'vitest';
import { openSession, postEvents, type Session } from './fixtures/api.ts';
import type { Console } from './fixtures/browser.ts';
import { eventually } from './fixtures/processes.ts';
import { systemForFile } from './fixtures/started.ts';
import { installTileReader, readTiles, sampleNation } from './fixtures/tiles.ts';

const TILES = 16;
const nation = sampleNation();
const [area] = nation.areas;
if (!area) throw new Error('the sample nation has no areas');

const varta = systemForFile();
let wall: Console;
let session: Session;

beforeAll(async () => {
  session = await openSession(varta.system.url, 'situation');
  wall = await varta.signIn('situation', {
    path: `/?grid=${TILES}&feedSource=edge&kind=cell`,
  });
  await installTileReader(wall.page);
  await allMove('at first', 60_000);
});

/** Every tile shows its own area, and its picture moves. */
async function allMove(when: string, boundMs: number): Promise<void> {
  await eventually(`${TILES} tiles move ${when}`, boundMs, async () => {
    const before = await readTiles(wall.page);
    await wall.page.waitForTimeout(300);
    const after = await readTiles(wall.page);
    const moving = after.filter((tile) => {
      const early = before.find(({ feedId }) => feedId === tile.feedId);
      const own = nation.areas.findIndex(({ id }) => id === tile.areaId);
      return (
        tile.state === 'live' && tile.seenIndex === own && early !== undefined && tile.frames > early.frames
      );
    });
    return moving.length >= TILES;
  });
}

/** Posts a check of the area; the very same one when it is given again. */
async function postCheck(event: Record<string, string>): Promise<Response> {
  return postEvents(varta.system.url, varta.system.facilityKeys()[area?.facilityId ?? ''] ?? '', [event]);
}

/** An event and a flag that the server has acknowledged: from now on they must not be lost. */
async function acknowledged(): Promise<{ event: Record<string, string>; flagId: string }> {
  if (!area) throw new Error('no area');
  const at = new Date().toISOString();
  const event = {
    id: crypto.randomUUID(),
    type: 'CELL_CHECK',
    areaId: area.id,
    occurredAt: at,
    recordedAt: at,
    recordedBy: 'e2e',
  };
  const reply = await postCheck(event);
  expect(await reply.json()).toMatchObject({ results: [{ status: 'accepted' }] });
  const flagId = crypto.randomUUID();
  const raised = await session.post('/api/v1/flags', {
    id: flagId,
    areaId: area.id,
    category: 'other',
    severity: 4,
    note: 'e2e',
  });
  expect(raised.ok).toBe(true);
  return { event, flagId };
}

/** Both are still there: the event is a duplicate now, and the flag can be read. */
async function assertKept({ event, flagId }: Awaited<ReturnType<typeof acknowledged>>): Promise<void> {
  await eventually('the event is known', 15_000, async () => {
    const reply = await postCheck(event);
    if (!reply.ok) return false;
    expect(await reply.json()).toMatchObject({ results: [{ status: 'duplicate' }] });
    return true;
  });
  await eventually(
    'the flag is known',
    15_000,
    async () => (await session.get(`/api/v1/flags/${flagId}`)).ok,
  );
}

describe('kill -9', () => {
  it.each(['worker', 'sfu', 'server', 'redis'] as const)(
    'of the %s: the wall comes back by itself and nothing is lost',
    async (part) => {
      const kept = await acknowledged();
      const victim = varta.system.processOf(part);
      expect(victim, `${part} runs`).toBeDefined();
      process.kill(victim?.pid ?? -1, 'SIGKILL');
      const begun = performance.now();
      await eventually(`another ${part} runs`, 30_000, () => {
        const now = varta.system.processOf(part);
        return now !== undefined && now.pid !== victim?.pid;
      });
      await allMove(`after the ${part} was killed`, 30_000);
      // Said for the reader of the log; the bars are the benchmarks' business.
      process.stdout.write(
        `kill -9 ${part}: all tiles move after ${((performance.now() - begun) / 1000).toFixed(1)} s\n`,
      );
      await eventually('the system is ready', 15_000, () => varta.system.ready());
      await assertKept(kept);
    },
  );
});
