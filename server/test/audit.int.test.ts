import { afterAll, beforeAll, expect, test } from 'vitest';
import { AuditEntry } from '#contract/audit.ts';
import type { Principal } from '../access/decide.ts';
import { keys } from '../adapters/redis/keys.ts';
import { defineScript, runScript } from '../adapters/redis/script.ts';
import { AUDIT_LUA } from '../audit/append.ts';
import type { AuditDraft } from '../audit/audit.ts';
import { verifyChain } from '../audit/chain.ts';
import { createAuditModule } from '../audit/module.ts';
import { AuditPage } from '../audit/routes.ts';
import { callRoute } from './fixtures/call-route.ts';
import { eventually } from './fixtures/eventually.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';

let server: TestRedis;

beforeAll(async () => {
  server = await startTestRedis();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const LOG = { warn: () => {} };
const OVERSIGHT: Principal = {
  kind: 'person',
  username: 'oversight',
  role: 'oversight',
  scope: { kind: 'nation' },
};

function draft(index: number): AuditDraft {
  return {
    actor: { kind: 'person', id: 'duty' },
    action: 'test.do',
    resource: 'thing:one',
    outcome: 'done',
    details: { index },
  };
}

async function openModule() {
  const redis = await server.connect();
  return { redis, audit: createAuditModule({ redis, now: Date.now, log: LOG }) };
}

async function entriesOf(chain: AuditEntry['chain']): Promise<AuditEntry[]> {
  const redis = await server.connect();
  const stored = (await redis.xRange(keys.audit(chain), '-', '+')) ?? [];
  return stored.map(({ message }) => AuditEntry.parse(JSON.parse(String(message.json))));
}

test('replicas that write one chain at once leave one unbroken chain with every entry once', async () => {
  const modules = await Promise.all([openModule(), openModule(), openModule()]);
  const written = await Promise.all(
    modules.flatMap(({ audit }, replica) =>
      Array.from({ length: 60 }, (_, index) => audit.append('UA-68', draft(replica * 1_000 + index))),
    ),
  );
  const entries = await entriesOf('UA-68');
  expect(verifyChain(entries)).toMatchObject({ ok: true, head: { seq: 180 } });
  expect(new Set(entries.map(({ details }) => details.index)).size).toBe(180);
  expect(written.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(entries.map(({ seq }) => seq));
});

test('an entry within somebody’s script is written with the change, or neither is', async () => {
  const SET_WITH_ENTRY = defineScript(`${AUDIT_LUA}
    if not audit_fits(KEYS[2], ARGV[1]) then return { 'head', audit_head(KEYS[2]) } end
    if redis.call('EXISTS', KEYS[3]) == 1 then return { 'taken', '' } end
    redis.call('SET', KEYS[3], 'set')
    audit_write(KEYS[1], KEYS[2], ARGV[2], ARGV[3], ARGV[4])
    return { 'set', '' }`);
  const [first, second] = await Promise.all([openModule(), openModule()]);
  const set = ({ audit, redis }: typeof first, key: string) =>
    audit.withEntry('UA-30', draft(0), async ({ keys: chain, args }) => {
      const reply = await runScript(redis, SET_WITH_ENTRY, [...chain, `varta:{UA-30}:${key}`], args);
      const [outcome, head] = reply as [string, string];
      return outcome === 'head' ? { headMoved: head } : { result: outcome, appended: outcome === 'set' };
    });

  const outcomes = await Promise.all(
    Array.from({ length: 40 }, (_, index) => set(index % 2 ? first : second, `key-${index % 20}`)),
  );
  expect(outcomes.filter((outcome) => outcome === 'set')).toHaveLength(20);
  expect(verifyChain(await entriesOf('UA-30'))).toMatchObject({ ok: true, head: { seq: 20 } });
});

test('after Redis was killed, every entry that was acknowledged is there, and the chain goes on', async () => {
  await using own = await startTestRedis();
  const redis = await own.connect();
  const audit = createAuditModule({ redis, now: Date.now, log: LOG });
  const acknowledged: number[] = [];
  let going = true;
  const writing = (async () => {
    for (let index = 0; going; index += 1) {
      await audit.append('nation', draft(index)).then(
        ({ seq }) => acknowledged.push(seq),
        () => new Promise((resolve) => setImmediate(resolve)),
      );
    }
  })();
  for (let round = 1; round <= 3; round += 1) {
    const target = acknowledged.length + 20;
    await eventually(() => acknowledged.length).toBeGreaterThan(target);
    await own.kill();
    await own.start();
  }
  going = false;
  await writing;
  const reader = await own.connect();
  const stored = (await reader.xRange(keys.audit('nation'), '-', '+')) ?? [];
  const entries = stored.map(({ message }) => AuditEntry.parse(JSON.parse(String(message.json))));
  expect(verifyChain(entries).ok).toBe(true);
  const there = new Set(entries.map(({ seq }) => seq));
  expect(acknowledged.filter((seq) => !there.has(seq))).toEqual([]);
  expect(new Set(acknowledged).size).toBe(acknowledged.length);
});

test('the audit is read in pages, both ways, and its reading is in it', async () => {
  const { audit } = await openModule();
  for (let index = 0; index < 5; index += 1) await audit.append('UA-05', draft(index));
  const read = async (query: object) =>
    AuditPage.parse(
      await callRoute(audit.routes, 'get', '/api/v1/audit/entries', { principal: OVERSIGHT, query }),
    );

  const first = await read({ chain: 'UA-05', limit: 3 });
  expect(first.items.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  const second = await read({ chain: 'UA-05', limit: 3, cursor: first.nextCursor });
  expect(second.items.map(({ seq, action }) => [seq, action])).toEqual([
    [4, 'test.do'],
    [5, 'test.do'],
    [6, 'audit.read'],
  ]);
  expect(verifyChain([...first.items, ...second.items]).ok).toBe(true);
  const newest = await read({ chain: 'UA-05', order: 'desc', limit: 1 });
  expect(newest.items.map(({ action, details }) => [action, details.order])).toEqual([
    ['audit.read', 'desc'],
  ]);
  expect(newest.nextCursor).toBe('8');
});

test('who may not read the audit does not', async () => {
  const { audit } = await openModule();
  const regional: Principal = { ...OVERSIGHT, scope: { kind: 'regions', regionIds: ['UA-05'] } };
  const read = (principal: Principal, chain: string) =>
    callRoute(audit.routes, 'get', '/api/v1/audit/entries', { principal, query: { chain } });
  await expect(read(regional, 'UA-05')).resolves.toBeDefined();
  await expect(read(regional, 'UA-07')).rejects.toMatchObject({ code: 'forbidden' });
  await expect(read(regional, 'nation')).rejects.toMatchObject({ code: 'forbidden' });
  await expect(read({ ...OVERSIGHT, role: 'situation' }, 'UA-05')).rejects.toMatchObject({
    code: 'forbidden',
  });
  await expect(read(OVERSIGHT, '../nation')).rejects.toMatchObject({ code: 'invalid' });
  await eventually(async () => (await entriesOf('UA-07')).map(({ outcome }) => outcome)).toEqual(['refused']);
  await eventually(async () => (await entriesOf('nation')).map(({ outcome }) => outcome)).toEqual([
    'refused',
  ]);
});

test('refusals of the policy are recorded in the chain of the place, up to a rate', async () => {
  const { audit } = await openModule();
  const principal: Principal = { ...OVERSIGHT, username: 'curious', role: 'situation' };
  const resource = { kind: 'region', regionId: 'UA-12' } as const;
  for (let index = 0; index < 100; index += 1)
    audit.auditRefusal({ principal, action: 'feed.watch', resource, code: 'forbidden' });
  await audit[Symbol.asyncDispose]();
  const entries = await entriesOf('UA-12');
  expect(entries).toHaveLength(20);
  expect(entries[0]).toMatchObject({
    actor: { kind: 'person', id: 'curious' },
    action: 'feed.watch',
    resource: 'region:UA-12',
    outcome: 'refused',
    details: { code: 'forbidden' },
  });
});
