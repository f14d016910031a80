import type { Browser } from 'playwright-core';
import { FacilityKeyList } from '#contract/accounts.ts';
import { REGION_GROUPS } from '../../config/region-groups.ts';
import { signIn } from './fixtures/browser.ts';

/** What the sample nation does not do by itself, so that pages are seen at work. All of it is invented, and says so. */
export async function playSamples(browser: Browser, url: string): Promise<void> {
  await raiseFlags(browser, url);
  await takeComplaints(browser, url);
  await openHandover(browser, url);
  await issueIntakeKey(browser, url);
  await placeHold(browser, url);
  await closeArea(browser, url);
}

/** What goes wrong in one region, for good: a facility's equipment is shut out, and an area is closed to everybody. */
export async function playFailures(browser: Browser, url: string): Promise<void> {
  const data = { act: 'open', minutes: 60, reason: 'Демонстрація: особистий огляд' };
  await post(browser, { url, user: 'situation' }, [
    { path: '/api/v1/areas/ua-68-itt-2-corridor/gate', data },
  ]);
  const keys = `${url}/api/v1/facilities/ua-68-itt-1/keys`;
  await using console = await signIn(browser, url, 'admin', { path: '/healthz' });
  const { request } = console.context;
  const { items } = FacilityKeyList.parse(await (await request.get(keys)).json());
  for (const { keyId } of items) {
    const reply = await request.delete(`${keys}/${keyId}`);
    if (!reply.ok()) throw new Error(`a key is not revoked: ${reply.status()} ${await reply.text()}`);
  }
}

/** Posts as somebody, one after the other; throws at the first refusal. */
async function post(
  browser: Browser,
  { url, user }: { url: string; user: string },
  calls: readonly { path: string; data: object }[],
): Promise<void> {
  await using console = await signIn(browser, url, user, { path: '/healthz' });
  for (const { path, data } of calls) {
    const reply = await console.context.request.post(`${url}${path}`, { data });
    if (!reply.ok()) throw new Error(`${path} as ${user}: ${reply.status()} ${await reply.text()}`);
  }
}

/** Some flags, so that the alarm zone is seen at work. */
function raiseFlags(browser: Browser, url: string): Promise<void> {
  const flags = [
    {
      areaId: 'ua-68-itt-2-cell-1',
      category: 'medical',
      severity: 1,
      note: 'Демонстрація: особа просить лікаря',
    },
    {
      areaId: 'ua-53-itt-2-cell-2',
      category: 'missed-check',
      severity: 2,
      note: 'Демонстрація: перевірку пропущено',
    },
    { areaId: 'ua-46-itt-1-cell-1', category: 'overcrowding', severity: 3, note: '' },
    { areaId: 'ua-05-itt-3-cell-2', category: 'complaint', severity: 4, note: '' },
  ];
  return post(
    browser,
    { url, user: 'situation' },
    flags.map((flag) => ({ path: '/api/v1/flags', data: { id: crypto.randomUUID(), ...flag } })),
  );
}

async function takeComplaints(browser: Browser, url: string): Promise<void> {
  const said = [
    { facilityId: 'ua-68-itt-2', kind: 'medical', text: 'Демонстрація: не кличуть лікаря' },
    { facilityId: 'ua-53-itt-2', kind: 'conditions', text: 'Демонстрація: у камері холодно' },
    { facilityId: 'ua-46-itt-1', kind: 'property', text: 'Демонстрація: не повернули телефон' },
  ];
  const taken = said.map((one) => ({ id: crypto.randomUUID(), ...one }));
  await post(
    browser,
    { url, user: 'hotline' },
    taken.map((data) => ({ path: '/api/v1/complaints', data })),
  );
  const [first, second] = taken;
  await post(browser, { url, user: 'situation' }, [
    { path: `/api/v1/complaints/${first?.id}/transitions`, data: { to: 'in-review', version: 1 } },
    {
      path: `/api/v1/complaints/${second?.id}/transitions`,
      data: { to: 'answered', outcome: 'partly-upheld', version: 1 },
    },
  ]);
}

/** A handover of some regions that somebody else than the one in the pictures has opened. */
function openHandover(browser: Browser, url: string): Promise<void> {
  const [west] = REGION_GROUPS;
  const note = 'Демонстрація: ІТТ №2, камера 4 – лікар буде о 15:00';
  const data = { shiftHours: 12, note, regionIds: west.regionIds };
  return post(browser, { url, user: 'situation-2' }, [{ path: '/api/v1/handovers', data }]);
}

function issueIntakeKey(browser: Browser, url: string): Promise<void> {
  const data = { name: 'Демонстрація: гаряча лінія', scope: { kind: 'nation' }, perMinute: 30 };
  return post(browser, { url, user: 'admin' }, [{ path: '/api/v1/intake-keys', data }]);
}

/** What outside control keeps from being erased. */
function placeHold(browser: Browser, url: string): Promise<void> {
  const target = { kind: 'area', areaId: 'ua-68-itt-2-cell-1', from: new Date().toISOString(), to: null };
  const said = { reference: 'Демонстрація, № 1', reason: 'Демонстрація: перевірка скарги' };
  const data = { id: crypto.randomUUID(), target, ...said };
  return post(browser, { url, user: 'oversight' }, [{ path: '/api/v1/holds', data }]);
}

/** An area that somebody closes to everybody for a while, away from those of other pictures. */
function closeArea(browser: Browser, url: string): Promise<void> {
  const data = { act: 'open', minutes: 60, reason: 'Демонстрація: особистий огляд' };
  return post(browser, { url, user: 'situation' }, [
    { path: '/api/v1/areas/ua-53-itt-2-corridor/gate', data },
  ]);
}
