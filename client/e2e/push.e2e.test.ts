import { afterAll, expect, it } from 'vitest';
import { OutsideAlert } from '#contract/alerts.ts';
import { eventually } from './fixtures/processes.ts';
import { openPushBrowser, subscribeAt } from './fixtures/push-browser.ts';
import { type PushService, startPushService } from './fixtures/push-service.ts';
import { systemForFile } from './fixtures/started.ts';

const CELL = 'ua-68-itt-1-cell-1';

let service: PushService;
afterAll(() => service?.[Symbol.asyncDispose]());
const varta = systemForFile(async () => {
  service = await startPushService();
  return {
    SAMPLE_EVENTS_PER_SECOND: '0',
    PUSH_VAPID_PUBLIC_KEY: service.vapid.publicKey,
    PUSH_VAPID_PRIVATE_KEY: service.vapid.privateKey,
    PUSH_CONTACT: 'mailto:duty@varta.example',
    PUSH_SERVICES: service.origin,
    PUSH_AFTER_MS: '1000',
  };
});

const PLACES = [
  {
    username: 'duty-68',
    what: 'its tile',
    linkOf: () => `/?area=${CELL}`,
    shown: `[data-area-id="${CELL}"]`,
  },
  {
    username: 'oncall',
    what: 'the page for those on call',
    linkOf: (flagId: string) => `/oncall?flag=${flagId}`,
    shown: 'article[data-flag-id]',
  },
];

it.each(PLACES)(
  'an alarm reaches the pocket of $username, is shown once, and leads to $what',
  async (place) => {
    await using duty = await varta.signIn(place.username, {
      path: '/alerts',
      width: 390,
      height: 844,
      prepare: async (page) => {
        await page.context().grantPermissions(['notifications'], { origin: varta.system.url });
        await subscribeAt(page, service);
      },
    });
    const { page } = duty;
    await page.getByRole('button', { name: 'Увімкнути', exact: true }).click({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Вимкнути', exact: true }).waitFor({ timeout: 60_000 });
    const device = await openPushBrowser(page);

    await using raiser = await varta.signIn('situation', { path: '/healthz' });
    const reply = await raiser.context.request.post(`${varta.system.url}/api/v1/flags`, {
      data: { id: crypto.randomUUID(), areaId: CELL, category: 'medical', severity: 1, note: 'вигадано' },
    });
    expect(reply.status()).toBe(201);
    const { id: flagId } = (await reply.json()) as { id: string };

    const pushed = await eventually('the alarm was pushed', 60_000, async () =>
      service.messages.find(({ text }) => text.includes(flagId)),
    );
    expect(service.refused).toEqual([]);
    expect(pushed).toMatchObject({ urgency: 'high', subject: 'mailto:duty@varta.example' });
    expect(pushed.ttlS).toBeGreaterThan(0);
    const alert = OutsideAlert.parse(JSON.parse(pushed.text));
    // What leaves the site says where, and nothing of people or of what somebody wrote.
    expect(pushed.text).not.toMatch(/вигадано|situation|duty-68|(?<!\/)oncall/);

    // Delivered twice, as at-least-once may be, it is one notice.
    await device.deliver(pushed.text);
    await device.deliver(pushed.text);
    // Shown after both: from here on nothing of them is still on its way.
    const later = { id: 'later', kind: 'digest', at: new Date().toISOString(), total: 1 };
    await device.deliver(JSON.stringify(later));
    await eventually('what comes after it is there', 30_000, async () =>
      (await device.notices()).some(({ tag }) => tag === later.id),
    );
    const notices = await eventually('the notice is there', 30_000, async () => {
      const shown = (await device.notices()).filter(({ tag }) => tag === alert.id);
      return shown.length > 0 ? shown : undefined;
    });
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatchObject({
      title: 'НЕГАЙНО',
      data: place.linkOf(flagId),
      requireInteraction: true,
    });

    await device.click(alert.id);
    // The page that stood on its settings shows it now.
    await page.waitForURL((url) => `${url.pathname}${url.search}` === place.linkOf(flagId), {
      timeout: 30_000,
    });
    await page.locator(`${place.shown}:visible`).first().waitFor({ timeout: 30_000 });
    await eventually('the notice is put away', 30_000, async () =>
      (await device.notices()).every(({ tag }) => tag !== alert.id),
    );
  },
);
