import { expect, test } from 'vitest';
import { ALERT_MESSAGES, type Alert, DEFAULT_ALERT_SETTINGS } from '#contract/alerts.ts';
import type { Flag } from '#contract/flags.ts';
import type { Api } from '../session/api.ts';
import { failure, type Outcome } from '../session/failure.ts';
import { sampleFlag } from '../test/samples.ts';
import { createAlerts } from './alerts.ts';
import { createSound } from './sound.ts';
import { LEAST_NOW_VOLUME, PATTERNS, volumeOf } from './sound-patterns.ts';
import { showTabCount } from './tab-count.ts';
import { stillWaiting } from './waiting.ts';

const AT = '2026-11-22T12:00:00.000Z';

const flagAlert = (change: Partial<Extract<Alert, { kind: 'flag' }>> = {}) =>
  ({
    kind: 'flag',
    id: crypto.randomUUID(),
    flagId: crypto.randomUUID(),
    regionId: 'UA-68',
    facilityId: 'ua-68-itt-2',
    areaId: 'ua-68-itt-2-cell-4',
    place: { uk: 'Камера 4', en: 'Cell 4' },
    severity: 2,
    category: 'medical',
    reason: 'raised',
    step: 1,
    at: AT,
    ...change,
  }) as const satisfies Alert;

/** What a server would remember of the pages of one person: who claimed what. */
function createClaims() {
  const claims = new Map<string, object>();
  const shown: string[] = [];
  return { claims, shown };
}

/** A page whose server is `world`; time passes by `pass`. */
function createPage(world = createClaims(), { hidden = false } = {}) {
  const page = {};
  const presented: Alert[] = [];
  const waits: { run: () => void; ms: number }[] = [];
  let isOffline = false;
  const request = async (name: string, payload: unknown): Promise<Outcome<unknown>> => {
    if (isOffline) return failure('offline');
    const { ids } = payload as { ids: string[] };
    if (name === ALERT_MESSAGES.shown) world.shown.push(...ids);
    if (name !== ALERT_MESSAGES.claim) return { ok: true, value: {} };
    const granted = ids.filter((id) => (world.claims.get(id) ?? page) === page && !world.shown.includes(id));
    for (const id of granted) world.claims.set(id, page);
    return { ok: true, value: { granted } };
  };
  const alerts = createAlerts({
    request: request as never,
    api: { call: async () => failure('offline') } as unknown as Api,
    isHidden: () => hidden,
    setTimeout: (run, ms) => waits.push({ run, ms }),
    clearTimeout: () => {},
  });
  const stop = alerts.present((fresh) => presented.push(...fresh));
  return {
    alerts,
    presented,
    world,
    stop,
    waits,
    goOffline: (is: boolean) => {
      isOffline = is;
    },
    /** Everything that waits comes due. */
    pass: async () => {
      for (const { run } of waits.splice(0)) run();
      await new Promise((resolve) => setTimeout(resolve));
    },
  };
}

test('an alert that is sent again and again is shown once, and said to be shown', async () => {
  const page = createPage();
  const alert = flagAlert();
  for (let round = 0; round < 4; round += 1) {
    page.alerts.handlePending([alert]);
    page.alerts.handlePending([alert]);
    await page.pass();
  }
  expect(page.presented).toEqual([alert]);
  expect(new Set(page.world.shown)).toEqual(new Set([alert.id]));
  expect(page.alerts.store.getState().shown).toEqual([alert]);
});

test('of two pages one shows it', async () => {
  const first = createPage();
  const second = createPage(first.world);
  const alert = flagAlert();
  for (const page of [first, second]) page.alerts.handlePending([alert]);
  await Promise.all([first.pass(), second.pass()]);
  expect([...first.presented, ...second.presented]).toEqual([alert]);
});

test('the page that can be heard and seen asks first', () => {
  const patience = (sound: 'ready' | 'blocked', hidden: boolean) => {
    const page = createPage(createClaims(), { hidden });
    page.alerts.setSound(sound);
    page.alerts.handlePending([flagAlert()]);
    return page.waits[0]?.ms ?? Number.NaN;
  };
  expect(patience('ready', false)).toBe(0);
  expect(patience('ready', true)).toBeGreaterThan(0);
  expect(patience('blocked', false)).toBeGreaterThan(patience('ready', true));
});

test('what could not be said to be shown is said when it comes again, and not shown again', async () => {
  const page = createPage();
  const alert = flagAlert();
  page.alerts.handlePending([alert]);
  const stopped = page.pass();
  await stopped;
  page.world.shown.length = 0;
  page.goOffline(true);
  page.alerts.handlePending([alert]);
  page.goOffline(false);
  page.alerts.handlePending([alert]);
  await page.pass();
  expect(page.presented).toHaveLength(1);
  expect(page.world.shown).toContain(alert.id);
});

test('without a connection nothing is shown, and the next time it is', async () => {
  const page = createPage();
  const alert = flagAlert();
  page.goOffline(true);
  page.alerts.handlePending([alert]);
  await page.pass();
  expect(page.presented).toEqual([]);
  page.goOffline(false);
  page.alerts.handlePending([alert]);
  await page.pass();
  expect(page.presented).toEqual([alert]);
});

test('a page that cannot present leaves alerts to others', async () => {
  const page = createPage();
  page.stop();
  page.alerts.handlePending([flagAlert()]);
  expect(page.waits).toEqual([]);
});

test('a canary is kept as the time of the check, a digest until it is put away', async () => {
  const page = createPage();
  expect(page.alerts.store.getState().settings).toEqual(DEFAULT_ALERT_SETTINGS);
  const { kind: _kind, id: _id, step: _step, ...item } = flagAlert();
  const digest: Alert = { kind: 'digest', id: crypto.randomUUID(), at: AT, items: [item], total: 1 };
  page.alerts.handlePending([{ kind: 'canary', id: crypto.randomUUID(), at: AT }, digest]);
  await page.pass();
  expect(page.alerts.store.getState()).toMatchObject({ checkedAt: AT, digest, shown: [] });
  page.alerts.putDigestAway();
  expect(page.alerts.store.getState().digest).toBeUndefined();
});

test('alerts wait as long as their flag is unanswered, one a flag', () => {
  const flag = sampleFlag();
  const open = (one: Flag) => (id: string) => (id === one.id ? one : undefined);
  const first = flagAlert({ flagId: flag.id });
  const second = flagAlert({ flagId: flag.id, step: 2, reason: 'unanswered' });
  expect(stillWaiting([second, first], open(flag))).toEqual([second]);
  expect(stillWaiting([second], open({ ...flag, state: 'acknowledged' }))).toEqual([]);
  expect(stillWaiting([second], () => undefined)).toEqual([]);
  const assigned = flagAlert({ flagId: flag.id, reason: 'assigned' });
  expect(stillWaiting([assigned], open({ ...flag, state: 'assigned' }))).toEqual([assigned]);
});

test('patterns are short, end, and are told apart by their count', () => {
  const counts = ([1, 2, 3] as const).map((level) => PATTERNS[level].length);
  expect(new Set(counts).size).toBe(3);
  for (const tones of Object.values(PATTERNS))
    expect(Math.max(...tones.map(({ atS, lengthS }) => atS + lengthS))).toBeLessThanOrEqual(1.5);
});

test('level 1 has a floor, the others are as loud as somebody set them', () => {
  for (const set of [0, 0.05, LEAST_NOW_VOLUME]) expect(volumeOf(1, set)).toBe(LEAST_NOW_VOLUME);
  expect(volumeOf(1, 0.8)).toBe(0.8);
  for (const level of [2, 3, 4] as const)
    for (const set of [0, 0.05, 1]) expect(volumeOf(level, set)).toBe(set);
});

test('the tab counts what waits', () => {
  const page = document.implementation.createHTMLDocument();
  const icon = page.createElement('link');
  icon.rel = 'icon';
  page.head.append(icon);
  showTabCount(page, 'Варта', 3);
  expect(page.title).toBe('(3) Варта');
  expect(icon.getAttribute('href')).toBe('/favicon-alert.svg');
  showTabCount(page, 'Варта', 0);
  expect(page.title).toBe('Варта');
  expect(icon.getAttribute('href')).toBe('/favicon.svg');
});

test('where the browser lets pages sound, this one does, and says so', async () => {
  let changes = 0;
  using sound = createSound(window, () => {
    changes += 1;
  });
  await expect.poll(() => sound.state).toBe('ready');
  expect(changes).toBe(1);
  expect(sound.play(1, 0.1)).toBe(true);
  expect(sound.play(2, 0)).toBe(false);
  // Level 1 cannot be muted.
  expect(sound.play(1, 0)).toBe(true);
});
