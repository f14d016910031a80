import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FlagEscalation } from '#contract/alerts.ts';
import type { FlagId } from '#contract/ids.ts';
import { flagAlertId } from '../../server/alerts/alert-ids.ts';
import { openSession, postEvents, type Session } from './fixtures/api.ts';
import { signIn } from './fixtures/browser.ts';
import { eventually } from './fixtures/processes.ts';
import { systemForFile } from './fixtures/started.ts';

const FACILITY = 'ua-68-itt-1';
const CELL = `${FACILITY}-cell-1`;
/** So long the duty centre has to answer here. */
const ANSWER_S = 8;

const folder = mkdtempSync(join(tmpdir(), 'varta-alerts-'));
let duty: Session;

afterAll(() => rmSync(folder, { recursive: true, force: true }));
const varta = systemForFile(async () => {
  const steps = (afterS: number) => [
    { to: ['duty'], afterS: 0 },
    { to: ['oncall'], afterS },
    { to: ['situation'], afterS: 2 * afterS },
  ];
  const always = [
    ...steps(ANSWER_S).slice(0, -1),
    { to: ['situation'], afterS: 2 * ANSWER_S, againEveryS: 3_600 },
  ];
  const levels = { '1': always, '2': steps(ANSWER_S), '3': steps(3_600), '4': [] };
  const file = join(folder, 'escalation.json');
  const note = { uk: 'Для випробувань', en: 'For tests' };
  writeFileSync(
    file,
    JSON.stringify([{ id: 'e2e', validFrom: '2026-01-01T00:00:00Z', standing: 'judgment', note, levels }]),
  );
  return { ESCALATION_FILE: file, SAMPLE_EVENTS_PER_SECOND: '0', ALERT_CANARY_S: '15' };
});
beforeAll(async () => {
  duty = await openSession(varta.system.url, 'duty-68');
});

/** An event of the facility that a rule raises a flag on at once; the flag's id. */
async function somethingHappens(incidentKind: 'medical-emergency' | 'fire' | 'disorder'): Promise<string> {
  const at = new Date().toISOString();
  const id = crypto.randomUUID();
  const event = {
    id,
    type: 'INCIDENT',
    occurredAt: at,
    recordedAt: at,
    recordedBy: 'inspector-1',
    areaId: CELL,
    incidentKind,
  };
  const reply = await postEvents(varta.system.url, varta.system.facilityKeys()[FACILITY] ?? '', [event]);
  expect(await reply.json()).toMatchObject({ results: [{ status: 'accepted' }] });
  return eventually('a rule raises a flag', 20_000, async () => {
    const { items } = (await (await duty.get('/api/v1/flags?region=UA-68')).json()) as {
      items: { id: string; rule?: { id: string; params: object }; areaId?: string; state: string }[];
    };
    return items.find(({ rule, state }) => rule?.id === incidentKind && state === 'raised')?.id;
  });
}

/** The name of a page that waits for answers of its person. */
const COUNTED = /^\(\d+\) Варта$/;

const isTold = (page: Page) =>
  eventually('the tab counts an alert', 20_000, async () => COUNTED.test(await page.title()));

/** Runs in the page: says when the sign is there. */
const SAYS_BLOCKED = `
new MutationObserver(() => {
  if (document.querySelector('[data-sound="blocked"]')) console.info('sound is blocked');
}).observe(document, { subtree: true, childList: true });
`;

/**
 * Runs in the page: nobody looks at it (a page without a window believes to be looked at), and the system's notifications
 * that it shows are kept.
 */
const KEEPS_NOTICES = `
document.hasFocus = () => false;
globalThis.notices = [];
globalThis.Notification = class extends Notification {
  constructor(title, options) {
    super(title, options);
    const notice = { shown: this, isShown: false };
    this.addEventListener('show', () => { notice.isShown = true; });
    notices.push(notice);
  }
};
`;

const alertRow = (page: Page, flagId: string) => page.locator(`[data-alert-flag="${flagId}"]`);

/** Who was told of a flag; of those who have a console open in these tests. */
async function escalationOf(flagId: string): Promise<FlagEscalation> {
  const told = FlagEscalation.parse(await (await duty.get(`/api/v1/flags/${flagId}/escalation`)).json());
  const isHere = ({ username }: { username: string }) => ['duty-68', 'oncall'].includes(username);
  return {
    ...told,
    steps: told.steps.map((taken) => ({ ...taken, people: taken.people.filter(isHere) })),
  };
}

describe('alerts', () => {
  it('reach the duty console, then the one on call, and stop when somebody answers', async () => {
    await using dutyPage = await varta.signIn('duty-68');
    await using oncallPage = await varta.signIn('oncall');
    await using situationPage = await varta.signIn('situation');
    for (const { page } of [dutyPage, oncallPage, situationPage])
      await page.getByRole('complementary').waitFor({ timeout: 60_000 });

    const flagId = await somethingHappens('medical-emergency');
    await isTold(dutyPage.page);
    expect(await alertRow(oncallPage.page, flagId).count()).toBe(0);
    // Sound is allowed here, so there is no sign that says otherwise.
    expect(await dutyPage.page.locator('[data-sound]').count()).toBe(0);

    await alertRow(oncallPage.page, flagId).waitFor({ timeout: 1000 * ANSWER_S + 20_000 });
    const told = await escalationOf(flagId);
    expect(told.steps.map(({ reason, to }) => [reason, to])).toEqual([
      ['raised', ['duty']],
      ['unanswered', ['oncall']],
    ]);
    await eventually('both are known to have been shown', 20_000, async () =>
      (await escalationOf(flagId)).steps.every(({ people }) =>
        people.every(({ state }) => state === 'shown'),
      ),
    );

    await oncallPage.page
      .locator(`[data-flag-id="${flagId}"]`)
      .getByRole('button', { name: 'Прийняти' })
      .click();
    await alertRow(oncallPage.page, flagId).waitFor({ state: 'detached', timeout: 20_000 });
    const after = await escalationOf(flagId);
    expect(after.next).toBeNull();
    expect(after.steps).toHaveLength(2);
    expect(await alertRow(situationPage.page, flagId).count()).toBe(0);
  });

  it('are shown once to a person with two consoles', async () => {
    await using first = await varta.signIn('duty-68');
    await using second = await varta.signIn('duty-68');
    for (const { page } of [first, second])
      await page.getByRole('complementary').waitFor({ timeout: 60_000 });
    const flagId = await somethingHappens('fire');
    // The alarm itself stands on both; who is called is called once.
    for (const { page } of [first, second])
      await page.locator(`[data-flag-id="${flagId}"]`).waitFor({ timeout: 20_000 });
    await eventually('it is shown', 20_000, async () =>
      (await escalationOf(flagId)).steps[0]?.people.every(({ state }) => state === 'shown'),
    );
    await Promise.race([isTold(first.page), isTold(second.page)]);
    const titles = [await first.page.title(), await second.page.title()];
    expect(titles.filter((title) => COUNTED.test(title))).toHaveLength(1);
  });

  it('notify through the system while nobody looks at the page: once, urgently, and a click leads to the tile', async () => {
    const prepare = async (page: Page) => {
      await page.context().grantPermissions(['notifications'], { origin: varta.system.url });
      await page.addInitScript({ content: KEEPS_NOTICES });
    };
    await using first = await varta.signIn('duty-68', { path: '/alerts', prepare });
    await using second = await varta.signIn('duty-68', { path: '/alerts', prepare });
    const pages = [first.page, second.page];
    for (const page of pages)
      await page.getByRole('button', { name: 'Зберегти' }).waitFor({ timeout: 60_000 });
    const reply = await first.context.request.post(`${varta.system.url}/api/v1/flags`, {
      data: { id: crypto.randomUUID(), areaId: CELL, category: 'medical', severity: 1, note: 'вигадано' },
    });
    const { id: flagId } = (await reply.json()) as { id: FlagId };
    // The sample raises flags of its own, which are told as well whenever their time comes.
    const tag = flagAlertId(flagId, 'step:1', 'duty-68');
    const noticesOf = (page: Page) =>
      page.evaluate<{ title: string; isUrgent: boolean; isShown: boolean }[]>(
        `notices.filter(({ shown }) => shown.tag === '${tag}').map(({ shown, isShown }) => ({ title: shown.title, isUrgent: shown.requireInteraction, isShown }))`,
      );
    await eventually('it is known to have been shown', 20_000, async () =>
      (await escalationOf(flagId)).steps[0]?.people.every(({ state }) => state === 'shown'),
    );
    const told = await Promise.all(pages.map(noticesOf));
    expect(told.flat()).toMatchObject([{ title: 'Негайно · Потрібна медична допомога', isUrgent: true }]);
    const teller = told[0]?.length === 1 ? first.page : second.page;
    await eventually('the system shows it', 20_000, async () => (await noticesOf(teller))[0]?.isShown);

    await teller.evaluate(
      `notices.find(({ shown }) => shown.tag === '${tag}').shown.dispatchEvent(new Event('click'))`,
    );
    await teller.waitForURL((url) => url.pathname === '/', { timeout: 30_000 });
    await teller.locator(`[data-area-id="${CELL}"]:visible`).first().waitFor({ timeout: 30_000 });
  });

  it('say quietly that the path was checked, and loudly when no check comes any more', async () => {
    await using console = await varta.signIn('duty-68');
    const { page } = console;
    await page.locator('[data-checked]').waitFor({ timeout: 60_000 });
    await page.getByText('Шлях сповіщень перевірено:').waitFor({ timeout: 40_000 });
    expect(await page.locator('[data-trouble]').count()).toBe(0);
    // Whoever keeps the canaries is stopped, as a server that hangs would be: the page sees it by itself.
    const server = varta.system.processOf('server');
    process.kill(server?.pid ?? -1, 'SIGSTOP');
    try {
      await page.locator('[data-trouble="late"]').waitFor({ timeout: 90_000 });
    } finally {
      process.kill(server?.pid ?? -1, 'SIGCONT');
    }
    await page.locator('[data-trouble]').waitFor({ state: 'detached', timeout: 60_000 });
  });

  it('that the browser does not let sound say so, until somebody clicks', async () => {
    const strict = await chromium.launch({
      executablePath: process.env.CHROMIUM_BIN ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--autoplay-policy=document-user-activation-required'],
      headless: true,
    });
    try {
      let blocked: Promise<unknown> | undefined;
      await using console = await signIn(strict, varta.system.url, 'duty-68', {
        prepare: async (page) => {
          // The page tells by itself: whatever a test asks of a page counts as a gesture.
          const isBlocked = (message: { text(): string }) => message.text() === 'sound is blocked';
          blocked = page.waitForEvent('console', { predicate: isBlocked, timeout: 60_000 });
          await page.addInitScript({ content: SAYS_BLOCKED });
        },
      });
      await blocked;
      const { page } = console;
      await page.getByRole('button', { name: 'Увімкнути звук' }).click();
      await page.locator('[data-sound="blocked"]').waitFor({ state: 'detached', timeout: 20_000 });
    } finally {
      await strict.close();
    }
  });

  it('can be set to be quiet, and flags handed to somebody', async () => {
    await using console = await varta.signIn('duty-68', { path: '/alerts' });
    const { page } = console;
    await page.getByRole('checkbox', { name: 'Тихі години ввімкнено' }).check({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Зберегти' }).click();
    await page.getByText('Збережено').waitFor();
    expect(await (await duty.get('/api/v1/alerts/settings')).json()).toMatchObject({
      quiet: { from: '22:00', to: '06:00' },
    });
    const flagId = await somethingHappens('disorder');
    await page.goto(`${varta.system.url}/flags`);
    const card = page.locator(`[data-flag-id="${flagId}"]`);
    await card.getByRole('button', { name: 'Доручити' }).click({ timeout: 60_000 });
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Інспектор з прав людини').click();
    await dialog.getByRole('button', { name: 'Доручити' }).click();
    await card.getByText('Доручено: inspector').waitFor();
  });
});
