import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AuditEntry } from '#contract/audit.ts';
import { Complaint, ComplaintPage, ComplaintWords } from '#contract/complaints.ts';
import { Flag } from '#contract/flags.ts';
import type { Principal } from '../access/decide.ts';
import { keys } from '../adapters/redis/keys.ts';
import { verifyChain } from '../audit/chain.ts';
import { createAuditModule } from '../audit/module.ts';
import { takeComplaint } from '../complaints/complaint.ts';
import { listComplaints } from '../complaints/list-complaints.ts';
import { createComplaintsModule } from '../complaints/module.ts';
import { FlagStore } from '../flags/flag-store.ts';
import { parseCursor } from '../flags/list-flags.ts';
import { callRoute } from './fixtures/call-route.ts';
import { eventually } from './fixtures/eventually.ts';
import { person, smallRegistry } from './fixtures/nation.ts';
import { QUIET_LOG } from './fixtures/quiet-log.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';

const REGION = 'UA-68';
const FACILITY = 'ua-68-itt-1';
const KEYS = [{ id: 'one', bytes: randomBytes(32) }];
const HOTLINE = person('hotline');
const DUTY = person('duty', { kind: 'regions', regionIds: [REGION] });
const FAR_DUTY = person('duty', { kind: 'regions', regionIds: ['UA-05'] });
const DAY_MS = 24 * 3_600_000;
const SECRET = 'Зразок: мене били';

let server: TestRedis;
beforeAll(async () => {
  server = await startTestRedis();
});
afterAll(() => server[Symbol.asyncDispose]());

const NO_HOLD = { version: '0', isHeldComplaint: (_: Complaint) => false };

async function openReplica(
  on: TestRedis,
  { keyring = KEYS, flagless = false, days = 30, aheadMs = 0, heldIn = async () => NO_HOLD } = {},
) {
  const redis = await on.connect();
  const now = () => Date.now() + aheadMs;
  const audit = createAuditModule({ redis, now, log: QUIET_LOG });
  const flags = new FlagStore({ redis, audit, now });
  const complaints = createComplaintsModule({
    redis,
    registry: smallRegistry(),
    audit,
    flags: flagless ? { change: () => Promise.reject(new Error('killed before it')) } : flags,
    keys: keyring,
    days,
    heldIn,
    now,
    log: QUIET_LOG,
  });
  const call = (method: 'get' | 'post', path: string, asked: object, principal: Principal) =>
    callRoute(complaints.routes, method, path, { principal, ...asked });
  const at = (id: string, path = '') =>
    [`/api/v1/complaints/:complaintId${path}`, { complaintId: id }] as const;
  return {
    redis,
    take: async (change: object = {}, principal: Principal = HOTLINE) => {
      const body = {
        id: randomUUID(),
        facilityId: FACILITY,
        kind: 'treatment',
        text: SECRET,
        contact: { phone: '+380 00 000 00 00' },
        ...change,
      };
      return Complaint.parse(await call('post', '/api/v1/complaints', { body }, principal));
    },
    step: async (principal: Principal, id: string, body: object) => {
      const [path, params] = at(id, '/transitions');
      return Complaint.parse(await call('post', path, { params, body }, principal));
    },
    words: async (principal: Principal, id: string, body: object) => {
      const [path, params] = at(id, '/personal');
      return ComplaintWords.parse(await call('post', path, { params, body }, principal));
    },
    list: async (principal: Principal, query: object = {}) =>
      ComplaintPage.parse(await call('get', '/api/v1/complaints', { query }, principal)),
    sums: complaints.sums,
    [Symbol.asyncDispose]: async () => {
      await complaints[Symbol.asyncDispose]();
      await audit[Symbol.asyncDispose]();
    },
  };
}

async function stored(on: TestRedis) {
  const redis = await on.connect();
  const flags = (await redis.hVals(keys.flags(REGION))).map((json) => Flag.parse(JSON.parse(json)));
  const entries = ((await redis.xRange(keys.audit(REGION), '-', '+')) ?? []).map(({ message }) =>
    AuditEntry.parse(JSON.parse(String(message.json))),
  );
  return { flags, entries, waiting: await redis.sCard(keys.complaintsToFlag(REGION)) };
}

test('a complaint goes from the telephone to its answer; its flag hangs on the facility, and all of it is audited', async () => {
  await using own = await startTestRedis();
  await using here = await openReplica(own);
  const taken = await here.take();
  expect(taken).toMatchObject({ regionId: REGION, state: 'received', anonymous: false });
  const { flags } = await stored(own);
  expect(flags).toHaveLength(1);
  expect(flags[0]).toMatchObject({
    id: taken.flagId,
    facilityId: FACILITY,
    category: 'complaint',
    severity: 2,
    note: taken.number,
  });
  expect(flags[0]).not.toHaveProperty('areaId');
  await here.step(DUTY, taken.id, { to: 'in-review', version: 1 });
  const answered = await here.step(DUTY, taken.id, { to: 'answered', outcome: 'upheld', version: 2 });
  expect(answered).toMatchObject({ state: 'answered', outcome: 'upheld', version: 3 });
  const { entries } = await stored(own);
  expect(entries.map(({ actor, action }) => [actor.id, action])).toEqual([
    ['hotline', 'complaint.take'],
    ['hotline', 'flag.raise'],
    ['duty', 'complaint.answer'],
    ['duty', 'complaint.answer'],
  ]);
  expect(verifyChain(entries).ok).toBe(true);
  const sums = await here.sums(REGION, '2020-01-01', '2100-01-01');
  expect(await here.sums(REGION, '2020-01-01', '2020-12-31')).toEqual([]);
  expect(sums.map((one) => one.sums)).toEqual([{ 'hotline/treatment': 1 }, { 'answered/upheld': 1 }]);
});

test('what was said is nowhere in the clear, and is read for a purpose that goes into the audit', async () => {
  await using own = await startTestRedis();
  await using here = await openReplica(own);
  const taken = await here.take();
  const redis = await own.connect();
  for (const key of await redis.keys('*')) {
    const dump = await redis.dump(key);
    expect(String(dump), key).not.toContain('Зразок');
    expect(String(dump), key).not.toContain('380');
  }
  expect((await here.list(DUTY)).items).toEqual([taken]);
  const words = await here.words(DUTY, taken.id, { purpose: 'complaint', note: taken.number });
  expect(words).toMatchObject({ text: SECRET, contact: { phone: '+380 00 000 00 00' } });
  const { entries } = await stored(own);
  expect(entries.at(-1)).toMatchObject({
    action: 'personal.read',
    actor: { id: 'duty' },
    details: { complaint: taken.id, purpose: 'complaint' },
    seq: words.auditSeq,
  });
  await expect(here.words(DUTY, taken.id, { purpose: 'complaint' })).rejects.toMatchObject({
    code: 'invalid',
  });
  await expect(here.words(DUTY, taken.id, { purpose: 'curiosity' })).rejects.toMatchObject({
    code: 'purpose_refused',
  });
  // Whoever takes calls writes it down, and does not read what others wrote.
  await expect(here.words(HOTLINE, taken.id, { purpose: 'complaint', note: 'x y z' })).rejects.toMatchObject({
    code: 'forbidden',
  });
});

test('what was noted at a step is read with the words, for a purpose, and is nowhere in the clear', async () => {
  await using own = await startTestRedis();
  await using here = await openReplica(own);
  const taken = await here.take();
  const step = { to: 'in-review', version: 1, note: 'Зразок: подзвонити сестрі' };
  const review = await here.step(DUTY, taken.id, step);
  expect(review.history.at(-1)).toEqual({ ...review.history.at(-1), noted: true });
  // Once more, it is the same step; with another note it is not.
  expect(await here.step(DUTY, taken.id, step)).toEqual(review);
  await expect(here.step(DUTY, taken.id, { ...step, note: 'інше' })).rejects.toMatchObject({
    code: 'conflict',
  });
  await here.step(DUTY, taken.id, {
    to: 'answered',
    outcome: 'upheld',
    version: 2,
    note: 'Зразок: вибачились',
  });
  const redis = await own.connect();
  for (const key of await redis.keys('*')) expect(String(await redis.dump(key)), key).not.toContain('Зразок');
  expect(JSON.stringify(await here.list(DUTY))).not.toContain('Зразок');
  const words = await here.words(DUTY, taken.id, { purpose: 'complaint', note: taken.number });
  expect(words).toMatchObject({
    text: SECRET,
    notes: [
      { version: 2, text: 'Зразок: подзвонити сестрі' },
      { version: 3, text: 'Зразок: вибачились' },
    ],
  });
  expect((await stored(own)).entries.every((entry) => !JSON.stringify(entry).includes('Зразок'))).toBe(true);
});

test('two who note at once: one of them is told, and no note is lost', async () => {
  await using own = await startTestRedis();
  await using here = await openReplica(own);
  await using there = await openReplica(own);
  const { id } = await here.take();
  const both = await Promise.allSettled(
    [here, there].map((one, index) =>
      one.step(DUTY, id, { to: 'in-review', version: 1, note: `Зразок ${index}` }),
    ),
  );
  expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const { notes } = await here.words(DUTY, id, { purpose: 'complaint', note: 'x y z' });
  const kept = both.findIndex(({ status }) => status === 'fulfilled');
  expect(notes).toEqual([{ version: 2, text: `Зразок ${kept}` }]);
});

test('the same request again, even at once and on another replica, is one complaint with one flag', async () => {
  await using own = await startTestRedis();
  await using here = await openReplica(own);
  await using there = await openReplica(own);
  const id = randomUUID();
  const taken = await Promise.all([here.take({ id }), there.take({ id }), here.take({ id })]);
  expect(new Set(taken.map((one) => one.flagId)).size).toBe(1);
  expect((await stored(own)).flags).toHaveLength(1);
  expect((await here.list(HOTLINE)).items).toHaveLength(1);
  await expect(here.take({ id, kind: 'other' })).rejects.toMatchObject({ code: 'conflict' });
  await expect(here.take({ id, text: 'інше' })).rejects.toMatchObject({ code: 'conflict' });
  await expect(here.take({ id, facilityId: 'ua-05-itt-1' })).rejects.toMatchObject({ code: 'conflict' });
});

test('who is killed between complaint and flag leaves it to the others: neither is lost, nor doubled', async () => {
  await using own = await startTestRedis();
  {
    await using dying = await openReplica(own, { flagless: true });
    await expect(dying.take()).rejects.toThrow('killed');
    expect(await stored(own)).toMatchObject({ flags: [], waiting: 1 });
  }
  await using _next = await openReplica(own);
  await eventually(async () => (await stored(own)).flags.length).toBe(1);
  await eventually(async () => (await stored(own)).waiting).toBe(0);
});

test('what is asked wrongly, or by somebody else, is refused and leaves nothing', async () => {
  await using here = await openReplica(server);
  const taken = await here.take();
  const before = (await stored(server)).entries.filter(({ outcome }) => outcome === 'done').length;
  const invalid = (change: object, path: (string | number)[]) =>
    expect(here.take(change), JSON.stringify(change)).rejects.toMatchObject({
      code: 'invalid',
      issues: [{ path }],
    });
  await invalid({ id: 'x' }, ['id']);
  await invalid({ text: '   ' }, ['text']);
  await invalid({ text: 'x'.repeat(8_001) }, ['text']);
  await invalid({ kind: 'rumour' }, ['kind']);
  await invalid({ happenedAt: 'yesterday' }, ['happenedAt']);
  await invalid({ contact: { fax: '1' } }, ['contact', 'fax']);
  await invalid({ severity: 1 }, ['severity']);
  await expect(here.take({ facilityId: 'no-such' })).rejects.toMatchObject({ code: 'unknown_facility' });
  await expect(here.take({}, DUTY)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(here.step(HOTLINE, taken.id, { to: 'in-review', version: 1 })).rejects.toMatchObject({
    code: 'forbidden',
  });
  await expect(here.step(FAR_DUTY, taken.id, { to: 'in-review', version: 1 })).rejects.toMatchObject({
    code: 'forbidden',
  });
  await expect(here.step(DUTY, randomUUID(), { to: 'in-review', version: 1 })).rejects.toMatchObject({
    code: 'not_found',
  });
  await expect(here.step(DUTY, taken.id, { to: 'in-review', version: 7 })).rejects.toMatchObject({
    code: 'conflict',
  });
  await expect(here.list(DUTY, { cursor: 'x' })).rejects.toMatchObject({ code: 'invalid' });
  expect((await here.list(FAR_DUTY)).items).toEqual([]);
  expect((await stored(server)).entries.filter(({ outcome }) => outcome === 'done')).toHaveLength(before);
  await using keyless = await openReplica(server, { keyring: [] });
  await expect(keyless.take()).rejects.toMatchObject({ code: 'personal_key_missing' });
});

test('lists come newest first, in pages, by state and facility', async () => {
  await using own = await startTestRedis();
  await using here = await openReplica(own);
  const ids: string[] = [];
  for (const facilityId of [FACILITY, 'ua-05-itt-1', FACILITY, 'ua-68-itt-2', FACILITY])
    ids.unshift((await here.take({ facilityId })).id);
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: ComplaintPage = await here.list(HOTLINE, { limit: 2, ...(cursor ? { cursor } : {}) });
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor);
  expect([...seen].sort()).toEqual([...ids].sort());
  expect((await here.list(HOTLINE, { facility: FACILITY })).items).toHaveLength(3);
  expect((await here.list(HOTLINE, { region: 'UA-05' })).items).toHaveLength(1);
  expect((await here.list(HOTLINE, { state: 'answered' })).items).toEqual([]);
});

test('words go some days after the answer, on record; those without an answer stay', async () => {
  await using own = await startTestRedis();
  const redis = await own.connect();
  const read = { purpose: 'complaint', note: 'x y z' };
  const ids: string[] = [];
  {
    await using here = await openReplica(own);
    for (let count = 0; count < 2; count += 1) ids.push((await here.take()).id);
    await here.step(DUTY, ids[0] ?? '', { to: 'answered', outcome: 'upheld', version: 1 });
    expect(await redis.hLen(keys.complaintWords(REGION))).toBe(2);
  }
  await using _early = await openReplica(own, { aheadMs: 29 * DAY_MS });
  await using later = await openReplica(own, { aheadMs: 31 * DAY_MS });
  await eventually(() => redis.hKeys(keys.complaintWords(REGION))).toEqual([ids[1]]);
  await expect(later.words(DUTY, ids[0] ?? '', read)).rejects.toMatchObject({ code: 'no_personal_data' });
  expect((await later.words(DUTY, ids[1] ?? '', read)).text).toBe(SECRET);
  const { entries } = await stored(own);
  const erasures = entries.filter(({ action }) => action === 'personal.erase');
  expect(erasures.map(({ details }) => details)).toEqual([{ complaint: ids[0], days: 30 }]);
  expect(verifyChain(entries).ok).toBe(true);
});

test('what a hold covers stays, also one that is placed while it is being erased', async () => {
  await using own = await startTestRedis();
  const redis = await own.connect();
  const ids: string[] = [];
  {
    await using here = await openReplica(own);
    for (let count = 0; count < 2; count += 1) {
      const { id } = await here.take();
      ids.push(id);
      await here.step(DUTY, id, { to: 'answered', outcome: 'upheld', version: 1 });
    }
  }
  const [held = '', free = ''] = ids;
  let looked = 0;
  const heldIn = async () => {
    looked += 1;
    return { version: '1', isHeldComplaint: ({ id }: Complaint) => id === held };
  };
  const late = { aheadMs: 31 * DAY_MS, heldIn };
  {
    // The version says that a hold came in between: nothing goes.
    await using _racing = await openReplica(own, late);
    await eventually(() => looked).toBeGreaterThan(0);
  }
  expect(await redis.hLen(keys.complaintWords(REGION))).toBe(2);
  await redis.set(keys.holdsVersion(REGION), '1');
  await using _later = await openReplica(own, late);
  await eventually(() => redis.hKeys(keys.complaintWords(REGION))).toEqual([held]);
  expect(free).not.toBe(held);
});

test('after a rotation of the key the old one can go: words are encrypted anew', async () => {
  await using own = await startTestRedis();
  const redis = await own.connect();
  const next = { id: 'two', bytes: randomBytes(32) };
  let id = '';
  {
    await using here = await openReplica(own);
    id = (await here.take()).id;
  }
  {
    await using _rotating = await openReplica(own, { keyring: [next, ...KEYS] });
    await eventually(async () => String(await redis.hGet(keys.complaintWords(REGION), id))).toContain(
      '"two"',
    );
  }
  await using after = await openReplica(own, { keyring: [next] });
  expect((await after.words(DUTY, id, { purpose: 'complaint', note: 'x y z' })).text).toBe(SECRET);
});

test('however few of very many a filter passes, following the cursor finds them all', async () => {
  const all = Array.from({ length: 30 }, (_, index) =>
    takeComplaint(
      {
        id: randomUUID(),
        facilityId: index % 10 === 0 ? FACILITY : 'ua-68-itt-2',
        kind: 'other',
        text: 'x',
      },
      { id: index % 10 === 0 ? FACILITY : 'ua-68-itt-2', regionId: REGION },
      { by: 'hotline', atMs: Date.UTC(2026, 10, 1) - index },
    ),
  );
  const source = {
    async *newestFirst(_region: string, untilMs: number) {
      yield* all.filter((one) => Date.parse(one.history[0]?.at ?? '') <= untilMs);
    },
  };
  const found: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const wanted = {
      regionIds: [REGION],
      limit: 2,
      after: cursor === '' ? undefined : parseCursor(cursor),
      nowMs: Date.UTC(2026, 10, 2),
      accepts: (one: Complaint) => one.facilityId === FACILITY,
    };
    const page: ComplaintPage = await listComplaints(source, wanted, 4);
    found.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  }
  expect(found).toEqual(all.filter((one) => one.facilityId === FACILITY).map(({ id }) => id));
});

test('figures of a period read the complaints of that period, not those of all time', async () => {
  await using own = await startTestRedis();
  await using here = await openReplica(own);
  const redis = await own.connect();
  const taken = await here.take();
  await here.step(DUTY, taken.id, { to: 'answered', outcome: 'upheld', version: 1 });
  // One of long ago that cannot even be read any more does not stand in the way.
  await redis.hSet(keys.complaints(REGION), 'old', 'no JSON');
  await redis.zAdd(keys.complaintsByTime(REGION), { score: Date.UTC(2020, 0, 1), value: 'old' });
  const sums = await here.sums(REGION, '2026-01-01', '2027-01-01');
  expect(sums.map((one) => one.sums)).toEqual([{ 'hotline/treatment': 1 }, { 'answered/upheld': 1 }]);
});
