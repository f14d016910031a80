import type { Page } from 'playwright-core';

/** Notes when the page's socket closes, when the server has answered something on a new one, and what it tells of by itself. */
export async function noteNews(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const noted: Noted = { closedAtMs: [], answeredAtMs: [], news: [] };
    Object.assign(window, { vartaNoted: noted });
    const Original = window.WebSocket;
    window.WebSocket = class extends Original {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        let isAnswered = false;
        this.addEventListener('message', ({ data }) => {
          const text = String(data);
          if (text.includes('live:deltas'))
            noted.news = [...noted.news.slice(-200), { atMs: Date.now(), text }];
          // An acknowledgement: the first is that of the subscription to the live news.
          if (isAnswered || !text.startsWith('43')) return;
          isAnswered = true;
          noted.answeredAtMs.push(Date.now());
        });
        this.addEventListener('close', () => {
          if (isAnswered) noted.closedAtMs.push(Date.now());
        });
      }
    };
  });
}

interface Noted {
  closedAtMs: number[];
  answeredAtMs: number[];
  news: { atMs: number; text: string }[];
}

function readNoted(page: Page): Promise<Noted> {
  return page.evaluate(() => (window as unknown as { vartaNoted: Noted }).vartaNoted);
}

/** When the page heard of this, if it has. */
export async function newsAtMs(page: Page, of: string): Promise<number | undefined> {
  return (await readNoted(page)).news.find(({ text }) => text.includes(of))?.atMs;
}

/** Seconds from the death of the server until it answers the page again. */
export async function linkBackS(page: Page, killedAtMs: number): Promise<number> {
  const { closedAtMs, answeredAtMs } = await readNoted(page);
  const lostAtMs = closedAtMs.find((atMs) => atMs >= killedAtMs);
  if (lostAtMs === undefined)
    throw new Error('the server died and a page did not lose it: it was the wrong one');
  const backAtMs = answeredAtMs.find((atMs) => atMs >= lostAtMs);
  if (backAtMs === undefined) throw new Error('a page did not come back to the server');
  return (backAtMs - killedAtMs) / 1000;
}
