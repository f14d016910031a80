import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RegionId } from '#contract/ids.ts';
import type { RoleId, Scope } from '#contract/session.ts';
import type { WatchingFinding } from '#contract/watching.ts';
import { AlertStore } from '../alerts/alert-store.ts';
import { OutboxStore } from '../alerts/outbox-store.ts';
import { Outside } from '../alerts/outside.ts';
import { PushStore } from '../alerts/push-store.ts';
import { toWatchingAlert } from '../alerts/to-alert.ts';
import { createAuditModule } from '../audit/module.ts';
import { FindingStore } from '../audit/watching/finding-store.ts';
import { FlagStore } from '../flags/flag-store.ts';
import { accountOf, person } from './fixtures/nation.ts';
import {
  createPushBrowser,
  createVapidKeys,
  startReceiver,
  type TestReceiver,
} from './fixtures/push-receiver.ts';
import { QUIET_LOG } from './fixtures/quiet-log.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';

const NOW_MS = Date.parse('2026-11-21T05:00:00.000Z');
const at = new Date(NOW_MS).toISOString();
const now = () => NOW_MS;
const owned = new AsyncDisposableStack();
let redis: TestRedis;
let phone: TestReceiver;
beforeAll(async () => {
  redis = owned.use(await startTestRedis());
  phone = owned.use(await startReceiver());
});
afterAll(() => owned.disposeAsync());

const NATION: Scope = { kind: 'nation' };
const found = (regionId: RegionId, facilityId: string): WatchingFinding => ({
  id: randomUUID(),
  regionId,
  facilityId,
  areaId: `${facilityId}-cell-1`,
  person: 'duty-68',
  from: at,
  to: at,
  seconds: 3_000,
  foundAt: at,
  reviewed: null,
});

/** What becomes of a push about a finding when its time has come, for somebody of a role and scope at that moment. */
async function push(
  finding: WatchingFinding,
  {
    role = 'prosecutor',
    scope = NATION,
    isReviewed = false,
  }: { role?: RoleId; scope?: Scope; isReviewed?: boolean },
) {
  const connection = await redis.connect();
  await using audit = createAuditModule({ redis: connection, now, log: QUIET_LOG });
  const findings = new FindingStore({ redis: connection, audit });
  const alerts = new AlertStore(connection);
  const pushes = new PushStore(connection);
  const store = new OutboxStore(connection);
  const vapid = createVapidKeys();
  const account = accountOf(person(role, scope));
  const { username } = account;
  const subscription = { endpoint: `${phone.origin}/${randomUUID()}`, keys: createPushBrowser().keys };
  await pushes.add(username, { subscription, sessionId: randomUUID(), untilMs: NOW_MS + 60_000 }, NOW_MS);
  const outside = new Outside({
    store,
    pushes,
    accounts: { find: async () => account },
    alerts,
    flags: new FlagStore({ redis: connection, audit, now }),
    findings,
    webhook: undefined,
    push: {
      vapid: { contact: 'mailto:duty@varta.example', ...vapid },
      services: [phone.origin],
      afterMs: 0,
    },
    fetch,
    now,
  });
  const entry = {
    actor: { kind: 'system', id: 'test' },
    action: 'watching.find',
    resource: 'region',
    outcome: 'done',
    details: {},
  } as const;
  await findings.change(undefined, finding, entry);
  const place = { uk: 'Камера', en: 'Cell' };
  const alert = toWatchingAlert(finding, { username, at, place });
  await alerts.put(username, alert, { hold: false });
  await outside.sendPush(username, alert);
  const known = await findings.find(finding.id, [finding.regionId]);
  const reviewed = { by: 'ombudsman', at, note: 'Пояснення отримано' };
  if (isReviewed) await findings.change(known, { ...finding, reviewed }, entry);
  const jobs = await store.take(NOW_MS, NOW_MS + 1, 100);
  const [job] = jobs.filter(({ to }) => to?.username === username);
  if (!job) throw new Error('nothing waits to be pushed');
  const result = await outside.senders.push(job, AbortSignal.timeout(10_000));
  for (const { id } of jobs) await store.done(id);
  await pushes.remove(username, job.to?.subscriptionId ?? '');
  return result.kind;
}

test('what somebody has reviewed before it was pushed is pushed to nobody', async () => {
  expect(await push(found('UA-68', 'ua-68-itt-1'), {})).toBe('sent');
  expect(await push(found('UA-68', 'ua-68-itt-1'), { isReviewed: true })).toBe('over');
});

test('a push goes to whom may review it there when it goes out', async () => {
  const ofRegion: Scope = { kind: 'regions', regionIds: ['UA-05'] };
  expect(await push(found('UA-05', 'ua-05-itt-1'), { scope: ofRegion })).toBe('sent');
  expect(await push(found('UA-68', 'ua-68-itt-1'), { scope: ofRegion })).toBe('over');
  expect(await push(found('UA-68', 'ua-68-itt-1'), { role: 'oncall' })).toBe('over');
});
