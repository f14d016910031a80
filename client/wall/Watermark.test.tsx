import '../design/base.css';
import { afterEach, describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { POSTER_TAKEN_AT_HEADER } from '#contract/posters.ts';
import { DeskContext } from '../desk/desk-context.ts';
import { paintsOver } from '../test/pixels.ts';
import { sampleFeed, sampleSnapshot, sampleStatus } from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { Tile } from './Tile.tsx';
import type { TileRank } from './tile-priority.ts';

const AREA = 'ua-68-itt-2-cell-4';
/** Two screenshots at a time; the first may come while the still is being put on. */
const PAINTED = { timeout: 15_000, interval: 50 };
/** No wall has smaller ones. */
const SMALLEST = [160, 90] as const;

let dispose = () => {};
afterEach(() => dispose());

async function showTile({
  rank = 'wall',
  role = true,
  size = [640, 400],
}: {
  rank?: TileRank;
  role?: boolean;
  size?: readonly [number, number];
} = {}) {
  // A still is a picture of the area like any other, and needs no camera here.
  const takenAt = new Date(Date.now() - 60_000).toISOString();
  const still = await toJpeg('rgb(40 60 80)');
  const test = createTestDesk({
    snapshot: [sampleSnapshot({ areas: [sampleStatus()], feeds: [sampleFeed()] })],
    poster: () => new Response(still, { headers: { [POSTER_TAKEN_AT_HEADER]: takenAt } }),
  });
  dispose = () => test.desk[Symbol.dispose]();
  const { role: _, ...display } = test.desk.who;
  const desk = role ? test.desk : { ...test.desk, who: display };
  const screen = await render(
    <Surroundings desk={test.desk}>
      <DeskContext value={desk}>
        <div style={{ width: size[0], height: size[1], display: 'grid' }}>
          <Tile
            areaId={AREA}
            slot={0}
            pictureWidth={480}
            shown
            tabbable
            marked={false}
            rank={rank}
            onOpen={() => {}}
            onRaise={undefined}
          />
        </div>
      </DeskContext>
    </Surroundings>,
  );
  const tile = () => screen.container.querySelector<HTMLElement>(`[data-area-id="${AREA}"]`);
  const mark = () => screen.container.querySelector<HTMLElement>('[data-watermark]');
  return { ...test, screen, tile, mark };
}

/** Where each of them stands, as it is painted: the box of its words, from the corner of the picture. */
function blocks(mark: HTMLElement | null) {
  const room = mark?.getBoundingClientRect();
  if (!mark || !room) throw new Error('no mark');
  const shown = [...mark.children].filter((line) => line.checkVisibility());
  return {
    room,
    places: shown.map((line) => {
      const words = document.createRange();
      words.selectNodeContents(line);
      const { left, right, top, bottom } = words.getBoundingClientRect();
      return {
        left: left - room.left,
        right: right - room.left,
        top: top - room.top,
        bottom: bottom - room.top,
      };
    }),
  };
}

const lines = (mark: HTMLElement | null) => [...(mark?.children ?? [])].map(({ textContent }) => textContent);

describe('the mark over a picture', () => {
  test('says who looks, when, and at what', async () => {
    const { mark } = await showTile();
    await expect.poll(() => mark()).not.toBeNull();
    expect(lines(mark())).toHaveLength(1);
    expect(lines(mark())[0]).toMatch(/^situation\s· \d{1,2}\s.*\s\d{2}:\d{2}\s· ua-68-itt-2-cell-4$/u);
  });

  test('is whole in the smallest tile: who, when and where', async () => {
    const { tile, mark } = await showTile({ size: SMALLEST });
    await expect.poll(() => mark()).not.toBeNull();
    const box = tile()?.getBoundingClientRect();
    const text = mark()?.firstElementChild?.firstChild;
    if (!box || !text?.textContent) throw new Error('no mark');
    for (const [at, part] of text.textContent.split(' ').entries()) {
      const range = document.createRange();
      const from = text.textContent.indexOf(part);
      range.setStart(text, from);
      range.setEnd(text, from + part.length);
      for (const { left, right, top, bottom } of range.getClientRects()) {
        expect(left, `${at}`).toBeGreaterThanOrEqual(box.left);
        expect(right, `${at}`).toBeLessThanOrEqual(box.right);
        expect(top, `${at}`).toBeGreaterThanOrEqual(box.top);
        expect(bottom, `${at}`).toBeLessThanOrEqual(box.bottom);
      }
    }
  });

  test('stands all over the one that fills the room, so that none of its ninths is without', async () => {
    const { tile, mark } = await showTile({ rank: 'focused' });
    await expect.poll(() => mark()).not.toBeNull();
    const box = tile()?.getBoundingClientRect();
    if (!box) throw new Error('no tile');
    const places = [...(mark()?.children ?? [])].map((line) => {
      const { x, y, width, height } = line.getBoundingClientRect();
      return [
        Math.floor((3 * (x + width / 2 - box.x)) / box.width),
        Math.floor((3 * (y + height / 2 - box.y)) / box.height),
      ].join();
    });
    expect(new Set(places).size).toBe(9);
    // A line of its own for each of the three, so that none begins with what stands between them.
    for (const words of lines(mark()))
      expect(words).toMatch(/^situation\n\d{1,2}\s.*\s\d{2}:\d{2}\nua-68-itt-2-cell-4$/u);
  });

  test.each([
    { name: 'a phone', size: [374, 234], count: 3 },
    { name: 'a still beside a flag', size: [384, 216], count: 3 },
    { name: 'the smallest that has nine', size: [481, 272], count: 9 },
    { name: 'a desk', size: [1270, 1030], count: 9 },
  ] as const)('large on $name: $count, none touches another one, and no third is without', async (at) => {
    await page.viewport(1280, 1040);
    const { mark } = await showTile({ rank: 'focused', size: at.size });
    await expect.poll(() => mark()).not.toBeNull();
    const { room, places } = blocks(mark());
    expect(places).toHaveLength(at.count);
    for (const [index, one] of places.entries()) {
      expect(Math.min(one.left, one.top)).toBeGreaterThanOrEqual(0);
      expect(one.right).toBeLessThanOrEqual(room.width);
      expect(one.bottom).toBeLessThanOrEqual(room.height);
      for (const other of places.slice(index + 1))
        expect(
          one.right < other.left ||
            other.right < one.left ||
            one.bottom < other.top ||
            other.bottom < one.top,
        ).toBe(true);
    }
    // Lines stay whole: three in each, for who, when and where.
    const line = mark()?.firstElementChild;
    if (!line) throw new Error('no line');
    const words = document.createRange();
    words.selectNodeContents(line);
    expect(new Set(Array.from(words.getClientRects(), ({ top }) => Math.round(top))).size).toBe(3);
    const thirds = (from: number, to: number, whole: number) => Math.floor((1.5 * (from + to)) / whole);
    expect(new Set(places.map(({ left, right }) => thirds(left, right, room.width))).size).toBe(3);
    expect(new Set(places.map(({ top, bottom }) => thirds(top, bottom, room.height))).size).toBe(3);
  });

  test('is in the pixels over the video, and stays there when it is shown on the whole screen or enlarged', async () => {
    await page.viewport(1280, 800);
    const { tile, mark } = await showTile();
    await expect.poll(() => mark()).not.toBeNull();
    await expect.poll(() => tile()?.querySelector('img')?.complete).toBe(true);
    const host = tile();
    const line = mark()?.firstElementChild;
    if (!host || !line) throw new Error('no mark');
    const isPainted = () => paintsOver(host, line as HTMLElement);
    await expect.poll(isPainted, PAINTED).toBe(true);
    // Whoever points at the words, if they could be pointed at, would meet nothing above them.
    const isOnTop = () => {
      const { x, y, width, height } = line.getBoundingClientRect();
      (line as HTMLElement).style.pointerEvents = 'auto';
      const met = document.elementFromPoint(x + width / 2, y + height / 2);
      (line as HTMLElement).style.pointerEvents = '';
      return met !== null && (line.contains(met) || met.closest('button') !== null);
    };
    // As somebody enlarges the picture: the picture grows, the mark does not go away with it.
    const still = host.querySelector('img');
    const width = still?.getBoundingClientRect().width ?? 0;
    const room = host.parentElement;
    for (const [name, value] of [
      ['--zoom', '4'],
      ['--zoom-x', '0%'],
      ['--zoom-y', '0%'],
    ] as const)
      room?.style.setProperty(name, value);
    room?.setAttribute('data-zoomed', '');
    await expect.poll(() => still?.getBoundingClientRect().width).toBeGreaterThan(3 * width);
    expect(isOnTop()).toBe(true);
    await expect.poll(isPainted, PAINTED).toBe(true);
    // On the whole screen: what fills it has the mark inside, above the picture.
    const button = document.createElement('button');
    button.textContent = 'Full';
    button.onclick = () => void host.requestFullscreen();
    document.body.append(button);
    await page.getByRole('button', { name: 'Full', exact: true }).click();
    await expect.poll(() => document.fullscreenElement).toBe(host);
    expect(document.fullscreenElement?.contains(line)).toBe(true);
    expect(line.checkVisibility({ visibilityProperty: true, opacityProperty: true })).toBe(true);
    expect(isOnTop()).toBe(true);
    await document.exitFullscreen();
    button.remove();
  });

  test('is gone with the picture: nothing is marked where nothing can be seen', async () => {
    const { tile, mark, sendDelta } = await showTile();
    await expect.poll(() => mark()).not.toBeNull();
    sendDelta({
      regionId: 'UA-68',
      seq: 11,
      at: new Date().toISOString(),
      areas: [sampleStatus({ confidentialSince: '2026-11-22T12:05:00.000Z' })],
    });
    await expect.poll(() => tile()?.dataset.state).toBe('confidential');
    expect(mark()).toBeNull();
  });

  test('is not on displays: nobody sits before them, and they show their own name', async () => {
    const { tile, mark } = await showTile({ role: false });
    await expect.poll(() => tile()?.querySelector('img')).not.toBeNull();
    expect(mark()).toBeNull();
  });
});

/** A picture of one colour. */
async function toJpeg(colour: string): Promise<Blob> {
  const canvas = new OffscreenCanvas(64, 36);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  context.fillStyle = colour;
  context.fillRect(0, 0, 64, 36);
  return canvas.convertToBlob({ type: 'image/jpeg' });
}
