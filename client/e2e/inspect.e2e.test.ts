import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { AreaView } from '#contract/areas.ts';
import { CaseDetail, type TimelineEntry } from '#contract/cases.ts';
import { openSession, postEvents, type Session } from './fixtures/api.ts';
import { eventually } from './fixtures/processes.ts';
import { systemForFile } from './fixtures/started.ts';
import { sampleNation } from './fixtures/tiles.ts';

const PHONE = { width: 390, height: 844 };
const MINUTE_MS = 60_000;

const varta = systemForFile();

/** The sample inspector's facility, and a cell of it. */
let facilityId: string;
let areaId: string;

beforeAll(async () => {
  const inspector = await openSession(varta.system.url, 'inspector');
  const who = (await (await inspector.get('/api/v1/session')).json()) as {
    scope: { facilityIds: string[] };
  };
  facilityId = who.scope.facilityIds[0] ?? '';
  areaId = sampleNation().areas.find((area) => area.facilityId === facilityId && area.capacity > 1)?.id ?? '';
});

/** Puts somebody into the cell, as the facility's own system would; `agoMs`: since when. */
async function detain(caseId: string, agoMs: number): Promise<void> {
  const at = new Date(Date.now() - agoMs).toISOString();
  const common = { caseId, occurredAt: at, recordedAt: at, recordedBy: 'e2e' };
  const person = { sex: 'male', minor: false, regime: 'criminal', atRisk: false };
  const reply = await postEvents(varta.system.url, varta.system.facilityKeys()[facilityId] ?? '', [
    { ...common, id: crypto.randomUUID(), type: 'APPREHENDED', person },
    { ...common, id: crypto.randomUUID(), type: 'REGISTERED' },
    { ...common, id: crypto.randomUUID(), type: 'CELL_PLACED', areaId },
  ]);
  expect(await reply.json()).toMatchObject({
    results: [{ status: 'accepted' }, { status: 'accepted' }, { status: 'accepted' }],
  });
}

async function readCase(session: Session, caseId: string): Promise<CaseDetail> {
  const reply = await session.get(`/api/v1/facilities/${facilityId}/cases/${caseId}`);
  expect(reply.status).toBe(200);
  return CaseDetail.parse(await reply.json());
}

async function nextCheckMs(session: Session): Promise<number> {
  const area = AreaView.parse(await (await session.get(`/api/v1/areas/${areaId}`)).json());
  return Date.parse(area.nextCheckDueAt ?? '');
}

const click = (page: Page, name: string | RegExp) =>
  page.getByRole('link', { name }).or(page.getByRole('button', { name })).first().click();

describe('an inspector without a network', () => {
  it('records, reloads, comes back: each event once, with honest times, and the next check has moved', async () => {
    const caseId = `e2e-offline-${Date.now()}`;
    await detain(caseId, 30 * MINUTE_MS);
    await using phone = await varta.signIn('inspector', { path: '/inspect', ...PHONE });
    const { page, context } = phone;
    const situation = await openSession(varta.system.url, 'situation');
    await page.locator(`[data-room-id="${areaId}"]`).waitFor();
    await page.goto(`${varta.system.url}/inspect/people`);
    await page.locator(`[data-case-id="${caseId}"]`).waitFor({ timeout: 20_000 });
    await page.goto(`${varta.system.url}/inspect/records`);
    await page.locator('[data-readiness="ready"]').waitFor({ timeout: 30_000 });
    const dueBefore = await nextCheckMs(situation);

    await context.setOffline(true);
    await page.goto(`${varta.system.url}/inspect/room/${areaId}`);
    const startedMs = Date.now();
    await click(page, 'Перевірено');
    await page.getByRole('button', { name: 'усе спокійно' }).click();
    await page.getByRole('button', { name: 'Перевірено' }).click();
    await page.locator(`a[data-case-id="${caseId}"]`).click();
    await click(page, 'Скарга');
    await page.getByText('медична допомога').click();
    await page.getByRole('button', { name: '5 хв тому', exact: true }).click();
    await page.locator('textarea').fill('Просить лікаря');
    await page.getByRole('button', { name: 'Записати' }).click();
    // The form goes once the record is on the disk, and not before.
    await page.locator('textarea').waitFor({ state: 'detached' });
    const writtenMs = Date.now();

    // The browser forgets everything but what is on the disk.
    await page.reload();
    await page.goto(`${varta.system.url}/inspect/records`);
    await page.locator('[data-record-state="waiting"]').nth(1).waitFor();
    expect(await page.locator('[data-record-state="waiting"]').count()).toBe(2);

    await context.setOffline(false);
    await page.locator('[data-record-state="taken"]').nth(1).waitFor({ timeout: 60_000 });
    expect(await page.locator('[data-record-state="waiting"]').count()).toBe(0);

    const dueAfter = await eventually('the next check has moved', 20_000, async () => {
      const dueMs = await nextCheckMs(situation);
      return dueMs > dueBefore && dueMs;
    });
    expect(dueAfter - 60 * MINUTE_MS).toBeGreaterThanOrEqual(startedMs - 3_000);
    expect(dueAfter - 60 * MINUTE_MS).toBeLessThanOrEqual(writtenMs + 3_000);

    const { timeline } = await readCase(situation, caseId);
    const complaints = timeline.filter(({ type }) => type === 'COMPLAINT');
    expect(complaints).toHaveLength(1);
    const [complaint] = complaints as [TimelineEntry];
    expect(complaint).toMatchObject({
      hasWords: true,
      recordedBy: 'inspector',
      details: { complaintKind: 'medical' },
    });
    const recordedMs = Date.parse(complaint.recordedAt);
    expect(recordedMs).toBeGreaterThanOrEqual(startedMs - 3_000);
    expect(recordedMs).toBeLessThanOrEqual(writtenMs + 3_000);
    expect(recordedMs - Date.parse(complaint.occurredAt)).toBe(5 * MINUTE_MS);
    expect(Date.parse(complaint.receivedAt)).toBeGreaterThan(recordedMs);

    // What was sent is sent: another look and another reload change nothing.
    await page.reload();
    await page.locator('[data-record-state="taken"]').nth(1).waitFor();
    expect((await readCase(situation, caseId)).timeline.length).toBe(timeline.length);
  });

  it('keeps no answer of the API, and nothing but the program, in the browser’s caches', async () => {
    await using phone = await varta.signIn('inspector', {
      path: '/inspect/records',
      ...PHONE,
    });
    await phone.page.locator('[data-readiness="ready"]').waitFor({ timeout: 30_000 });
    await phone.page.reload();
    const kept = await phone.page.evaluate(async () => {
      const names = await caches.keys();
      const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
      return requests.flat().map(({ url }) => new URL(url).pathname);
    });
    expect(kept).toContain('/inspect');
    expect(kept.filter((path) => path.startsWith('/api'))).toEqual([]);
    expect(phone.errors).toEqual([]);
  });
});

describe('the page of a case', () => {
  it('shows clocks and course; personal data only after a purpose, and the audit says so', async () => {
    const caseId = `e2e-case-${Date.now()}`;
    await detain(caseId, 50 * MINUTE_MS);
    await using desk = await varta.signIn('situation', {
      path: `/cases/${facilityId}/${caseId}`,
    });
    const { page } = desk;
    await page.locator(`article[data-case-id="${caseId}"]`).waitFor({ timeout: 20_000 });
    const events = await page.$$eval('[data-event-type]', (entries) =>
      entries.map((entry) => (entry as HTMLElement).dataset.eventType),
    );
    expect(events).toEqual(expect.arrayContaining(['APPREHENDED', 'CELL_PLACED', 'REGISTERED']));
    expect(await page.locator('[data-run="ua-cpc/court"]').count()).toBe(1);
    // A person with a keyboard gets the article too.
    await page.keyboard.press('Tab');
    await page.locator('[data-run="ua-cpc/court"] button').focus();
    await page
      .getByText(/ст\. 211/)
      .first()
      .waitFor();
  });

  it('says when there is no such case', async () => {
    await using desk = await varta.signIn('situation', {
      path: `/cases/${facilityId}/no-such-case`,
    });
    await desk.page.getByText('Такої справи немає').waitFor({ timeout: 20_000 });
  });
});
