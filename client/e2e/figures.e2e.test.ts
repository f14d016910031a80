import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { FiguresReply } from '#contract/figures.ts';
import { openSession, postEvents, type Session } from './fixtures/api.ts';
import { eventually } from './fixtures/processes.ts';
import { systemForFile } from './fixtures/started.ts';

const FACILITY = 'ua-68-itt-1';
const MINUTE_MS = 60_000;
/** A4 upright without its margins of 14 mm, in CSS pixels of 1/96 inch. */
const PAPER_WIDTH = Math.floor(((210 - 28) / 25.4) * 96);

const varta = systemForFile({ SAMPLE_EVENTS_PER_SECOND: '0' });
let situation: Session;
beforeAll(async () => {
  situation = await openSession(varta.system.url, 'situation');
});
const MONTH = new Date().toISOString().slice(0, 7);

async function figuresOf(facility: string) {
  const reply = await situation.get(`/api/v1/figures?facility=${facility}`);
  return FiguresReply.parse(await reply.json());
}

/** Somebody is brought in, force is used on them, and they complain. */
async function detain(caseId: string): Promise<void> {
  const at = (minutesAgo: number) => new Date(Date.now() - minutesAgo * MINUTE_MS).toISOString();
  const event = (type: string, minutesAgo: number, more: object = {}) => ({
    id: crypto.randomUUID(),
    type,
    occurredAt: at(minutesAgo),
    recordedAt: at(minutesAgo),
    recordedBy: 'inspector-1',
    caseId,
    ...more,
  });
  const person = { sex: 'male', minor: false, regime: 'criminal', atRisk: false };
  const reply = await postEvents(varta.system.url, varta.system.facilityKeys()[FACILITY] ?? '', [
    event('APPREHENDED', 3, { person }),
    event('DELIVERED', 2),
    event('FORCE_USED', 2, { forceKind: 'baton' }),
    event('COMPLAINT', 1, { complaintKind: 'treatment' }),
  ]);
  const { results } = (await reply.json()) as { results: { status: string }[] };
  expect(results.map(({ status }) => status)).toEqual(Array(4).fill('accepted'));
}

/** A number of the page's cards. */
function cardOf(page: Page, name: string): Promise<string> {
  return page
    .locator('dl > div', { has: page.getByText(name, { exact: true }) })
    .locator('dd')
    .first()
    .innerText();
}

describe('accountability', () => {
  it('counts what a facility records, and the page says the very numbers', async () => {
    const before = await figuresOf(FACILITY);
    await Promise.all(['one', 'two'].map((name) => detain(`cr-68-e2e-${name}`)));
    const batonOf = ({ total }: FiguresReply) => total.figures.force.baton ?? 0;
    const treatmentOf = ({ total }: FiguresReply) => total.figures.complaints.byKind.treatment ?? 0;
    await eventually('both are counted', 60_000, async () => {
      const found = await figuresOf(FACILITY);
      // Nobody else reports: the sample nation is at rest, but for those who are in it from the start.
      return batonOf(found) >= batonOf(before) + 2 && treatmentOf(found) >= treatmentOf(before) + 2;
    });

    await using duty = await varta.signIn('duty-68', { path: '/figures' });
    const { page } = duty;
    // Who answers for a region sees its facilities at once.
    const row = page.locator('section tbody tr').first();
    await row.waitFor({ timeout: 60_000 });
    const registry = (await (await situation.get('/api/v1/facilities?limit=500')).json()) as {
      items: { id: string; shortName: { uk: string } }[];
    };
    const name = registry.items.find(({ id }) => id === FACILITY)?.shortName.uk ?? '';
    // What the page is told, and then says.
    const [answer] = await Promise.all([
      page.waitForResponse((reply) => reply.url().includes(`facility=${FACILITY}`)),
      page.getByRole('button', { name, exact: true }).click(),
    ]);
    const { figures } = FiguresReply.parse(await answer.json()).total;
    expect(figures.force.baton).toBeGreaterThanOrEqual(2);
    const force = Object.values(figures.force).reduce((sum, count) => sum + (count ?? 0), 0);
    await expect.poll(() => cardOf(page, 'Застосування сили'), { timeout: 30_000 }).toBe(String(force));
    expect(await page.locator('dl').innerText()).toContain(`затримано ${figures.begun} `);
    expect(duty.errors).toEqual([]);
  });

  it('publishes a month on sheets of A4 on which nothing is cut', async () => {
    await using console = await varta.signIn('situation', {
      path: `/figures/digest?month=${MONTH}`,
    });
    const { page } = console;
    await page.locator('tfoot').first().waitFor({ timeout: 60_000 });
    // As wide as the paper: what is wider than it would be cut off.
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: PAPER_WIDTH, height: 1_000 });
    const cut = await page.evaluate((width) => {
      const parts = [...document.querySelectorAll('article *')];
      return parts.filter((one) => one.getBoundingClientRect().right > width + 1).map((one) => one.outerHTML);
    }, PAPER_WIDTH);
    expect(cut).toEqual([]);
    const pdf = await page.pdf({ preferCSSPageSize: true });
    const sheets = pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g) ?? [];
    // The country, four tables, and how it was counted.
    expect(sheets).toHaveLength(6);
    // 210 by 297 mm in points.
    expect(pdf.toString('latin1')).toMatch(/\/MediaBox\s*\[0 0 59[45](?:\.\d+)? 84[12](?:\.\d+)?\]/);
    await page.emulateMedia({ media: 'screen' });
    expect(await page.getByText(/^ВИГАДАНІ ДАНІ/).count()).toBe(1);
    // Nobody is named, nor any case.
    expect(await page.locator('article').innerText()).not.toMatch(/cr-\d|inspector|situation/);
  });
});
