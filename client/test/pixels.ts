import { page } from 'vitest/browser';

/** Some forty letters change more points than this. */
const POINTS_OF_A_LINE = 100;

/** Whether something is in the pixels of what it stands over: the picture of that with it and without it differ. */
export async function paintsOver(host: HTMLElement, mark: HTMLElement): Promise<boolean> {
  const look = async () => pointsOf(await page.screenshot({ element: host, save: false }));
  const shown = await look();
  mark.style.visibility = 'hidden';
  const without = await look();
  mark.style.visibility = '';
  return shown.filter((luma, at) => Math.abs(luma - (without[at] ?? 0)) > 20).length > POINTS_OF_A_LINE;
}

/** The points of a picture; luma, 0 to 255. */
async function pointsOf(base64: string): Promise<number[]> {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  return Array.from(
    { length: data.length / 4 },
    (_, at) => 0.3 * (data[4 * at] ?? 0) + 0.59 * (data[4 * at + 1] ?? 0) + 0.11 * (data[4 * at + 2] ?? 0),
  );
}
