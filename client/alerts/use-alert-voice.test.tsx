import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { render } from 'vitest-browser-react';
import { Router } from 'wouter';
import { memoryLocation } from 'wouter/memory-location';
import { ALERT_MESSAGES, type FlagAlert, type WatchingAlert } from '#contract/alerts.ts';
import type { Api } from '../session/api.ts';
import { failure, type Outcome } from '../session/failure.ts';
import { RecordedNotification } from '../test/recorded-notification.ts';
import { sampleFlag, sampleSnapshot } from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { createAlerts } from './alerts.ts';
import { useAlertVoice } from './use-alert-voice.ts';

const AREA = 'ua-68-itt-2-cell-4';
const FLAG = sampleFlag();

let dispose = () => {};
beforeEach(() => {
  RecordedNotification.reset();
  vi.stubGlobal('Notification', RecordedNotification);
  vi.spyOn(document, 'hasFocus').mockReturnValue(false);
  vi.spyOn(window, 'focus').mockImplementation(() => {});
});
afterEach(() => {
  dispose();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const alertOf = (over: Partial<FlagAlert> = {}): FlagAlert => ({
  kind: 'flag',
  id: crypto.randomUUID(),
  flagId: FLAG.id,
  regionId: 'UA-68',
  facilityId: 'ua-68-itt-2',
  areaId: AREA,
  place: { uk: 'Камера 4, ІТТ № 2', en: 'Cell 4, ITT No. 2' },
  severity: 1,
  category: 'medical',
  reason: 'raised',
  step: 1,
  at: new Date().toISOString(),
  ...over,
});

function Voice() {
  useAlertVoice();
  return null;
}

/** A page somewhere else than the wall; its server grants every alert to it. */
async function openPage(path = '/figures') {
  const { desk } = createTestDesk({ snapshot: [sampleSnapshot({ flags: [FLAG] })] });
  const request = async (name: string, payload: { ids: string[] }): Promise<Outcome<unknown>> => ({
    ok: true,
    value: name === ALERT_MESSAGES.claim ? { granted: payload.ids } : {},
  });
  const alerts = createAlerts({
    request: request as never,
    api: { call: async () => failure('offline') } as unknown as Api,
    isHidden: () => false,
    setTimeout: (run) => {
      queueMicrotask(run);
      return 0;
    },
    clearTimeout: () => {},
  });
  dispose = () => {
    alerts[Symbol.dispose]();
    desk[Symbol.dispose]();
  };
  const { hook, history } = memoryLocation({ path, record: true });
  await render(
    <Surroundings desk={{ ...desk, alerts }}>
      <Router hook={hook}>
        <Voice />
      </Router>
    </Surroundings>,
  );
  await expect.poll(() => desk.live.getState().regions['UA-68']).toBeDefined();
  return { desk, alerts, at: () => history.at(-1) };
}
const click = () => RecordedNotification.made.at(-1)?.dispatchEvent(new Event('click'));

test('an alarm of level 1 notifies of itself, urgently, and its click leads to the tile', async () => {
  const { desk, alerts, at } = await openPage();
  const alert = alertOf();
  alerts.handlePending([alert]);
  await expect
    .poll(() => RecordedNotification.made)
    .toMatchObject([
      {
        title: 'Негайно · Потрібна медична допомога',
        options: {
          tag: alert.id,
          body: 'Камера 4, ІТТ № 2 · нова тривога',
          requireInteraction: true,
          silent: true,
        },
      },
    ]);
  click();
  expect(at()).toBe('/');
  await expect.poll(() => desk.view.store.getState().marked).toBe(AREA);
});

test('what comes again, as at-least-once may, is no second notification', async () => {
  const { alerts } = await openPage();
  const [first, second] = [alertOf({ severity: 2 }), alertOf({ severity: 3 })];
  alerts.handlePending([first]);
  await expect.poll(() => RecordedNotification.made.length).toBe(1);
  alerts.handlePending([first]);
  alerts.handlePending([first, second]);
  await expect.poll(() => RecordedNotification.made.length).toBe(2);
  expect(RecordedNotification.made.map(({ options }) => [options?.tag, options?.requireInteraction])).toEqual(
    [
      [first.id, false],
      [second.id, false],
    ],
  );
});

test('many at once are one notification that counts them, urgent when one of them is', async () => {
  const { alerts } = await openPage();
  alerts.handlePending([
    alertOf({ severity: 3 }),
    alertOf({ severity: 3 }),
    alertOf(),
    alertOf({ severity: 2 }),
  ]);
  await expect.poll(() => RecordedNotification.made.length).toBe(1);
  expect(RecordedNotification.made[0]).toMatchObject({
    options: { body: '4 тривоги чекають на відповідь', requireInteraction: true },
  });
});

test('nothing pops up over a page that is looked at; the alert is there all the same', async () => {
  vi.mocked(document.hasFocus).mockReturnValue(true);
  const { alerts } = await openPage();
  alerts.handlePending([alertOf()]);
  await expect.poll(() => alerts.store.getState().shown.length).toBe(1);
  expect(RecordedNotification.made).toEqual([]);
});

test('a click on what has been dealt with meanwhile leads to the place still', async () => {
  const { desk, alerts, at } = await openPage();
  alerts.handlePending([alertOf({ flagId: crypto.randomUUID() })]);
  await expect.poll(() => RecordedNotification.made.length).toBe(1);
  click();
  expect(at()).toBe('/');
  await expect.poll(() => desk.view.store.getState().focus).toBe(AREA);
});

test('watching that gives reason to ask is told of by its place alone, and leads to where it is reviewed', async () => {
  const { alerts, at } = await openPage();
  const alert: WatchingAlert = {
    kind: 'watching',
    id: crypto.randomUUID(),
    at: new Date().toISOString(),
    findingId: crypto.randomUUID(),
    regionId: 'UA-68',
    place: { uk: 'Камера 4 · ІТТ № 2', en: 'Cell 4 · ITT No. 2' },
  };
  alerts.handlePending([alert]);
  await expect
    .poll(() => RecordedNotification.made)
    .toMatchObject([
      { title: 'Варта', options: { tag: alert.id, body: 'Тривалий нічний перегляд: Камера 4 · ІТТ № 2' } },
    ]);
  expect(alerts.store.getState().watching).toEqual(alert);
  click();
  expect(at()).toBe('/audit/watching');
});
