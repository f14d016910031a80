import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Nation } from '#contract/nation.ts';
import { openSession, type Session } from './fixtures/api.ts';
import type { Console } from './fixtures/browser.ts';
import { eventually } from './fixtures/processes.ts';
import { systemForFile } from './fixtures/started.ts';
import { installTileReader, readTiles, sampleNation } from './fixtures/tiles.ts';

const { geometry: _, ...nation } = sampleNation();
const [gone, ...others] = nation.areas
  .filter(({ kind, privacy }) => kind === 'cell' && privacy === 'normal')
  .slice(0, 4);
if (!gone) throw new Error('the sample nation has no such area');
const shown = [gone, ...others];
const indexOf = (areaId: string) => nation.areas.findIndex(({ id }) => id === areaId);

let folder: string;
let wall: Console;
let enlarged: Console;
let session: Session;

const nationFile = () => join(folder, 'nation.json');
const write = (areas: Nation['areas']) => writeFile(nationFile(), JSON.stringify({ ...nation, areas }));

const varta = systemForFile(async () => {
  folder = await mkdtemp(join(tmpdir(), 'varta-nation-'));
  await write(nation.areas);
  return { NATION_FILE: nationFile() };
});

beforeAll(async () => {
  const places = shown.map(({ id }) => `&place=${id}`).join('');
  session = await openSession(varta.system.url, 'situation');
  wall = await varta.signIn('situation', { path: `/?grid=4${places}` });
  enlarged = await varta.signIn('situation', { path: `/?grid=4${places}&area=${gone.id}` });
  for (const { page } of [wall, enlarged]) await installTileReader(page);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Areas whose pictures are on a page and move, by what the pictures themselves say. */
async function readMoving({ page }: Console): Promise<string[]> {
  const before = await readTiles(page);
  await page.waitForTimeout(500);
  const after = await readTiles(page);
  return after.flatMap(({ seenIndex, feedId, frames }) => {
    const early = before.find((tile) => tile.feedId === feedId);
    const area = nation.areas.find(({ id }) => seenIndex === indexOf(id));
    return early && frames > early.frames && area ? [area.id] : [];
  });
}

/** Another server takes its place, which reads the file of the nation anew. */
async function restartServer(): Promise<void> {
  const before = varta.system.processOf('server')?.pid;
  process.kill(before ?? Number.NaN, 'SIGKILL');
  await eventually('another server is ready', 30_000, async () => {
    const now = varta.system.processOf('server')?.pid;
    return now !== undefined && now !== before && (await varta.system.ready());
  });
}

const ids = (areas: readonly { id: string }[]) => areas.map(({ id }) => id).sort();

test('an area that is taken from the list while it plays goes, with its picture, and comes back', async () => {
  await eventually('all areas move', 60_000, async () => (await readMoving(wall)).length === shown.length);
  await eventually('the area is enlarged', 60_000, async () =>
    (await readMoving(enlarged)).includes(gone.id),
  );

  await write(nation.areas.filter(({ id }) => id !== gone.id));
  await restartServer();
  await eventually('the wall shows the others, and they move', 30_000, async () => {
    const tiles = (await readTiles(wall.page)).map(({ areaId }) => ({ id: areaId }));
    const moving = (await readMoving(wall)).map((id) => ({ id }));
    return `${ids(tiles)}` === `${ids(others)}` && `${ids(moving)}` === `${ids(others)}`;
  });
  await enlarged.page.getByRole('alert').getByText('Такої зони немає').waitFor();
  expect(await readMoving(enlarged)).not.toContain(gone.id);
  const reply = await session.get(`/api/v1/areas/${gone.id}`);
  expect([reply.status, (await reply.json()).code]).toEqual([404, 'unknown_area']);

  await write(nation.areas);
  await restartServer();
  await eventually('all areas move again', 60_000, async () => {
    const moving = (await readMoving(wall)).map((id) => ({ id }));
    return `${ids(moving)}` === `${ids(shown)}`;
  });
  await eventually('it is enlarged again', 60_000, async () =>
    (await readMoving(enlarged)).includes(gone.id),
  );
});
