import { afterEach, expect, test } from 'vitest';
import { failure, type Outcome } from '../session/failure.ts';
import { createDeviceClock } from './device-clock.ts';
import { createOutbox, type NewRecord, type Outbox } from './outbox.ts';
import { openRecordStore } from './record-store.ts';

const FACILITY = 'ua-68-itt-2';
const CHECK: NewRecord = {
  facilityId: FACILITY,
  draft: { type: 'CELL_CHECK', areaId: 'ua-68-itt-2-cell-4', note: 'усе спокійно' },
  occurred: { when: 'now' },
};
const COMPLAINT: NewRecord = {
  facilityId: FACILITY,
  draft: { type: 'COMPLAINT', caseId: 'cr-68-2-000123', complaintKind: 'medical', note: 'просить лікаря' },
  occurred: { when: 'before', agoMs: 300_000 },
};

type Event = { id: string; type: string; occurredAt: string; recordedAt: string; note?: string };

/** A server that answers as the test says; it remembers what it took, and takes nothing twice. */
function createPretendServer(username = 'inspector') {
  const world = {
    username,
    online: true,
    /** Milliseconds by which the server's clock is ahead. */
    aheadMs: 0,
    taken: [] as Event[],
    requests: 0,
    refuse: (_event: Event): { code: string; path: string[] } | undefined => undefined,
    /** Who is signed in by the time that events come, if that is somebody else. */
    signedInAtSending: undefined as string | undefined,
    /** The answer gets lost on the way back. */
    loseAnswer: false,
  };
  async function call(
    path: string,
    { body }: { body?: { account: string; events: Event[] } },
  ): Promise<Outcome<unknown>> {
    if (!world.online) return failure('offline');
    const serverTime = new Date(Date.now() + world.aheadMs).toISOString();
    if (path === '/api/v1/session') return { ok: true, value: { username: world.username, serverTime } };
    world.requests += 1;
    if (body?.account !== (world.signedInAtSending ?? world.username)) return failure('precondition_failed');
    const results = (body?.events ?? []).map((event) => {
      const refusal = world.refuse(event);
      if (refusal) return { id: event.id, status: 'rejected', message: 'no', ...refusal };
      const isKnown = world.taken.some(({ id }) => id === event.id);
      if (!isKnown) world.taken.push(event);
      return { id: event.id, status: isKnown ? 'duplicate' : 'accepted' };
    });
    if (world.loseAnswer) {
      world.loseAnswer = false;
      return failure('no_answer');
    }
    return { ok: true, value: { results } };
  }
  return { world, api: { call: call as never } };
}

const disposals: (() => void)[] = [];
afterEach(() => {
  for (const dispose of disposals.splice(0)) dispose();
});

const memory = new Map<string, string>();

/** An outbox in a database of the test's own, as a page would open it. */
function open(server: ReturnType<typeof createPretendServer>, database: string, account = 'inspector') {
  let chance = () => {};
  const outbox = createOutbox({
    account,
    api: server.api,
    clock: createDeviceClock({
      wallMs: Date.now,
      monotonicMs: () => performance.now(),
      page: crypto.randomUUID(),
      storage: {
        getItem: (key) => memory.get(key) ?? null,
        setItem: (key, value) => void memory.set(key, value),
      },
    }),
    openStore: () => openRecordStore(database),
    alone: async (name, signal, run) => {
      await navigator.locks.request(`${database}/${name}`, { signal }, run);
    },
    channel: { tell: () => {}, listen: () => () => {} },
    newId: () => crypto.randomUUID(),
    onChance(given) {
      chance = given;
      return () => {};
    },
    retryMs: { first: 20, most: 40 },
  });
  const close = () => outbox[Symbol.dispose]();
  disposals.push(close);
  return { outbox, close, comeOnline: () => chance() };
}

const states = (outbox: Outbox) => outbox.store.getState().records.map(({ state }) => state.state);
const ready = (outbox: Outbox) => expect.poll(() => outbox.store.getState().storage).toBe('ready');
const fresh = () => `test-${crypto.randomUUID()}`;

test('what is recorded without a network waits, survives the page, and goes out once in its order', async () => {
  const server = createPretendServer();
  const database = fresh();
  server.world.online = false;
  const before = open(server, database);
  await ready(before.outbox);
  expect(await before.outbox.add([CHECK])).toBe(true);
  expect(await before.outbox.add([COMPLAINT])).toBe(true);
  await expect.poll(() => before.outbox.store.getState().contact).toBe('unreachable');
  before.close();

  const after = open(server, database);
  await ready(after.outbox);
  expect(states(after.outbox)).toEqual(['waiting', 'waiting']);
  server.world.online = true;
  after.comeOnline();
  await expect.poll(() => states(after.outbox)).toEqual(['taken', 'taken']);
  expect(server.world.taken.map(({ type }) => type)).toEqual(['CELL_CHECK', 'COMPLAINT']);
});

test('an answer that is lost on the way back does not double a record', async () => {
  const server = createPretendServer();
  server.world.loseAnswer = true;
  const { outbox } = open(server, fresh());
  await ready(outbox);
  await outbox.add([CHECK, COMPLAINT]);
  await expect.poll(() => states(outbox)).toEqual(['taken', 'taken']);
  expect(server.world.taken).toHaveLength(2);
  expect(server.world.requests).toBe(2);
});

test('times are the server’s, whatever the device’s clock says', async () => {
  const server = createPretendServer();
  server.world.aheadMs = 3 * 3_600_000;
  const { outbox } = open(server, fresh());
  await ready(outbox);
  const nowMs = Date.now() + server.world.aheadMs;
  await outbox.add([COMPLAINT]);
  await expect.poll(() => server.world.taken.length).toBe(1);
  const [event] = server.world.taken;
  expect(Math.abs(Date.parse(event?.recordedAt ?? '') - nowMs)).toBeLessThan(2_000);
  expect(Date.parse(event?.recordedAt ?? '') - Date.parse(event?.occurredAt ?? '')).toBe(300_000);
});

test('another account neither sees nor sends them', async () => {
  const server = createPretendServer();
  const database = fresh();
  server.world.online = false;
  const first = open(server, database);
  await ready(first.outbox);
  await first.outbox.add([CHECK]);

  server.world.online = true;
  server.world.username = 'somebody-else';
  first.comeOnline();
  await expect.poll(() => first.outbox.store.getState().contact).toBe('other-account');
  first.close();
  const other = open(server, database, 'somebody-else');
  await ready(other.outbox);
  expect(other.outbox.store.getState().records).toEqual([]);
  await other.outbox.add([COMPLAINT]);
  await expect.poll(() => server.world.taken.map(({ type }) => type)).toEqual(['COMPLAINT']);
  other.close();

  server.world.username = 'inspector';
  const again = open(server, database);
  await expect.poll(() => states(again.outbox)).toEqual(['taken']);
});

test('somebody else who signs in between the question and the sending is not made to send', async () => {
  const server = createPretendServer();
  server.world.signedInAtSending = 'somebody-else';
  const { outbox } = open(server, fresh());
  await ready(outbox);
  await outbox.add([CHECK]);
  await expect.poll(() => outbox.store.getState().contact).toBe('other-account');
  expect(states(outbox)).toEqual(['waiting']);
  expect(server.world.taken).toEqual([]);
});

test('a refusal stays until it is put right, and keeps nobody else waiting', async () => {
  const server = createPretendServer();
  server.world.refuse = ({ type, note }) =>
    type === 'COMPLAINT' && note === 'просить лікаря' ? { code: 'invalid', path: ['note'] } : undefined;
  const { outbox } = open(server, fresh());
  await ready(outbox);
  await outbox.add([COMPLAINT, CHECK]);
  await expect.poll(() => states(outbox)).toEqual(['refused', 'taken']);
  const [refused] = outbox.store.getState().records;
  expect(refused?.state).toMatchObject({ code: 'invalid', path: ['note'] });
  await outbox.mend(refused?.id ?? '', {
    ...COMPLAINT,
    draft: { ...COMPLAINT.draft, note: 'просить лікаря, біль' },
  });
  await expect.poll(() => states(outbox)).toEqual(['taken', 'taken']);
  expect(server.world.taken.map(({ id }) => id)).toContain(refused?.id);
});

test('what is thrown away is not sent, and its reason stays', async () => {
  const server = createPretendServer();
  server.world.refuse = () => ({ code: 'unknown_area', path: ['areaId'] });
  const { outbox, comeOnline } = open(server, fresh());
  await ready(outbox);
  await outbox.add([CHECK]);
  await expect.poll(() => states(outbox)).toEqual(['refused']);
  const [record] = outbox.store.getState().records;
  await outbox.discard(record?.id ?? '', 'зайвий запис');
  server.world.refuse = () => undefined;
  comeOnline();
  await outbox.add([COMPLAINT]);
  await expect.poll(() => states(outbox)).toEqual(['discarded', 'taken']);
  expect(outbox.store.getState().records[0]?.state).toMatchObject({ reason: 'зайвий запис' });
  expect(server.world.taken.map(({ type }) => type)).toEqual(['COMPLAINT']);
});

test('what was said leaves the device once the server has it', async () => {
  const server = createPretendServer();
  const database = fresh();
  const { outbox } = open(server, database);
  await ready(outbox);
  await outbox.add([COMPLAINT]);
  await expect.poll(() => states(outbox)).toEqual(['taken']);
  using store = await openRecordStore(database);
  const { records } = await store.all('inspector');
  expect(JSON.stringify(records)).not.toContain('лікаря');
  expect(server.world.taken[0]?.note).toBe('просить лікаря');
});

test('a device that keeps nothing takes nothing', async () => {
  const server = createPretendServer();
  const outbox = createOutbox({
    account: 'inspector',
    api: server.api,
    clock: createDeviceClock({
      wallMs: Date.now,
      monotonicMs: () => performance.now(),
      page: 'test',
      storage: { getItem: () => null, setItem: () => {} },
    }),
    openStore: () => Promise.reject(new DOMException('no', 'QuotaExceededError')),
    alone: (_name, _signal, run) => run(),
    channel: { tell: () => {}, listen: () => () => {} },
    newId: () => crypto.randomUUID(),
    onChance: () => () => {},
  });
  disposals.push(() => outbox[Symbol.dispose]());
  await expect.poll(() => outbox.store.getState().storage).toBe('broken');
  expect(await outbox.add([CHECK])).toBe(false);
});
