import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AuditChain, AuditCheckpoint, type AuditEntry, AuditState } from '#contract/audit.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { streamIdOf } from '../audit/append.ts';
import { formatHead, nextEntry } from '../audit/chain.ts';
import { CheckpointStore } from '../audit/checkpoint-store.ts';
import { Checkpointer } from '../audit/checkpointer.ts';
import { exportLines, writeLines } from '../audit/export.ts';
import { createAuditModule } from '../audit/module.ts';
import type { AuditSigner } from '../audit/signing-key.ts';
import { createWitness } from '../audit/witness.ts';
import { createTestSigner } from './fixtures/audit-key.ts';
import { eventually } from './fixtures/eventually.ts';
import { startTestRedis } from './fixtures/redis.ts';
import { startTestServer } from './fixtures/server.ts';

const VERIFIER = fileURLToPath(new URL('../../verify/varta-verify.mjs', import.meta.url));
const CHAINS: readonly AuditChain[] = ['nation', 'UA-30', 'UA-68'];
const QUIET = { warn: () => {}, error: () => {} };

let owned: AsyncDisposableStack;
let redis: Redis;
let redisUrl: string;
let store: CheckpointStore;
let folder: string;
let nowMs: number;
let told: { chains?: readonly string[] }[];

beforeEach(async () => {
  owned = new AsyncDisposableStack();
  const server = owned.use(await startTestRedis());
  redisUrl = server.url;
  redis = await server.connect();
  store = new CheckpointStore(redis, CHAINS);
  folder = await mkdtemp(join(tmpdir(), 'varta-audit-'));
  owned.defer(() => rm(folder, { recursive: true }));
  nowMs = Date.parse('2026-03-01T10:00:00Z');
  told = [];
});
afterEach(() => owned.disposeAsync());

/** Writes entries as the program does. */
async function write(chain: AuditChain, count: number): Promise<AuditEntry[]> {
  await using audit = createAuditModule({ redis, now: () => nowMs, log: QUIET });
  return Promise.all(
    Array.from({ length: count }, (_, index) =>
      audit.append(chain, {
        actor: { kind: 'person', id: 'duty' },
        action: 'test.do',
        resource: `thing:${index}`,
        outcome: 'done',
        details: { index, text: 'Зона "три" €', share: 0.1, none: null },
      }),
    ),
  );
}

/** Lets checkpointers of so many replicas run until there are so many checkpoints. */
async function signUntil(count: number, signer: AuditSigner, replicas = 1): Promise<AuditCheckpoint[]> {
  const log = { ...QUIET, error: (fields: object) => void told.push(fields) };
  const running = Array.from(
    { length: replicas },
    () => new Checkpointer({ store, signer, everyMs: 1, witness: undefined, now: () => (nowMs += 10), log }),
  );
  await eventually(async () => (await store.last())?.seq ?? 0).toBeGreaterThanOrEqual(count);
  await Promise.all(running.map((one) => one[Symbol.asyncDispose]()));
  return store.read({ order: 'asc', limit: 100 });
}

async function exportTo(name = 'audit.ndjson'): Promise<string> {
  const file = join(folder, name);
  const output = createWriteStream(file);
  await writeLines(exportLines({ redis, store, chains: CHAINS, nation: 'UA', atMs: nowMs }), output);
  await finished(output);
  return file;
}

async function save(name: string, value: unknown): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, JSON.stringify(value));
  return file;
}

/** What an auditor sees who has the file, the keys and the verifier, and nothing else of ours. */
async function verify(file: string, signer: AuditSigner, given: AuditCheckpoint[] = []) {
  const trusted = await Promise.all(given.map((one) => save(`checkpoint-${one.seq}.json`, one)));
  const keySet = await save('keys.json', { keys: signer.publicKeys });
  const args = [VERIFIER, file, '--keys', keySet, ...trusted.flatMap((one) => ['--checkpoint', one])];
  const child = spawn(process.execPath, args, { cwd: folder, env: {}, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [said, complained, code] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  return { code, said: said + complained };
}

/** Puts a chain in the place of another, as somebody would who has Redis in their hands. */
async function replaceChain(chain: AuditChain, entries: readonly AuditEntry[]): Promise<void> {
  await redis.del(keys.audit(chain));
  for (const [index, entry] of entries.entries())
    await redis.xAdd(keys.audit(chain), streamIdOf(index + 1), { json: JSON.stringify(entry) });
  const last = entries.at(-1);
  if (last) await redis.set(keys.auditHead(chain), formatHead(last));
  else await redis.del(keys.auditHead(chain));
}

/** The same acts chained anew from a position, with one of them changed: what a careful forger would write. */
function rechained(entries: readonly AuditEntry[], change: (entry: AuditEntry) => AuditEntry | undefined) {
  const made: AuditEntry[] = [];
  for (const entry of entries) {
    const changed = change(entry);
    if (!changed) continue;
    const head = made.at(-1) ?? { seq: 0, hash: '0'.repeat(64) };
    made.push(nextEntry(entry.chain, head, changed, Date.parse(changed.at)));
  }
  return made;
}

describe('checkpoints', () => {
  test('replicas that sign at once make one chain of them, over every chain that has entries', async () => {
    await write('UA-68', 3);
    await write('nation', 2);
    const signer = createTestSigner('one');
    const [first] = await signUntil(1, signer, 3);
    expect(Object.keys(first?.heads ?? {}).toSorted()).toEqual(['UA-68', 'nation']);
    expect(first?.heads['UA-68']?.seq).toBe(3);
    await write('UA-30', 1);
    const both = await signUntil(2, signer, 3);
    expect(both.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(both[1]?.prevHash).toBe(first?.hash);
  });

  test('a chain that is not what was signed gets no new signature, and is told of', async () => {
    const entries = await write('UA-68', 4);
    await write('nation', 1);
    const signer = createTestSigner('one');
    await signUntil(1, signer);
    await replaceChain(
      'UA-68',
      rechained(entries, (entry) => (entry.seq === 2 ? { ...entry, action: 'test.other' } : entry)),
    );
    const log = { ...QUIET, error: (fields: object) => void told.push(fields) };
    await write('nation', 1);
    const later = () => (nowMs += 60_000);
    await using checkpointer = new Checkpointer({
      store,
      signer,
      everyMs: 1,
      witness: undefined,
      now: later,
      log,
    });
    await eventually(() => told.length).toBeGreaterThan(1);
    expect(told[0]).toMatchObject({ chains: ['UA-68'] });
    expect(checkpointer.changedChains).toEqual(['UA-68']);
    expect((await store.last())?.seq).toBe(1);
  });

  test('a witness that was away gets every checkpoint, in order', async () => {
    const taken: number[] = [];
    let refuses = true;
    const witness = createServer((request, response) => {
      void text(request).then((body) => {
        if (!refuses) taken.push(AuditCheckpoint.parse(JSON.parse(body)).seq);
        response.writeHead(refuses ? 503 : 204).end();
      });
    });
    await new Promise<void>((resolve) => witness.listen(0, '127.0.0.1', resolve));
    owned.defer(() => void witness.close());
    const address = witness.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const signer = createTestSigner('one');
    await write('nation', 1);
    await signUntil(1, signer);
    await write('nation', 1);
    await signUntil(2, signer);

    const warned: string[] = [];
    const log = { ...QUIET, warn: (_: object, message: string) => void warned.push(message) };
    const options = { store, signer, everyMs: 1, now: () => nowMs, log };
    await using _ = new Checkpointer({ ...options, witness: createWitness(`http://127.0.0.1:${port}/`) });
    await eventually(() => warned.length).toBeGreaterThan(0);
    refuses = false;
    await eventually(() => taken.length).toBe(2);
    expect(taken).toEqual([1, 2]);
    expect(await store.witnessed()).toBe(2);
  });
});

describe('an auditor with the file, the public keys and the verifier', () => {
  let signer: ReturnType<typeof createTestSigner>;
  let entries: AuditEntry[];
  let checkpoint: AuditCheckpoint | undefined;
  beforeEach(async () => {
    signer = createTestSigner('one');
    entries = await write('UA-68', 12);
    await write('nation', 5);
    [checkpoint] = await signUntil(1, signer);
  });

  test('gets a yes, also after the key was changed and more was written', async () => {
    await write('UA-30', 2);
    const second = createTestSigner('two', signer);
    await signUntil(2, second);
    await write('UA-30', 3);
    const { code, said } = await verify(await exportTo(), second, checkpoint ? [checkpoint] : []);
    expect(said).toContain('22 entries in 3 chains, 2 signed checkpoints');
    expect(said).toContain('3 entries came after it');
    expect(said).toContain('YES');
    expect(code).toBe(0);
  });

  test('gets a no that names what was signed with a key that they do not know', async () => {
    const { code, said } = await verify(await exportTo(), createTestSigner('other'));
    expect(said).toContain('checkpoint 1: is signed with the key one, which was not given');
    expect(code).toBe(1);
  });

  test('gets a no for the same name with another key', async () => {
    const { code, said } = await verify(await exportTo(), createTestSigner('one'));
    expect(said).toContain('checkpoint 1: is not signed by the key that it names');
    expect(code).toBe(1);
  });

  test.each<[string, () => readonly AuditEntry[], string]>([
    [
      'was changed',
      () => entries.map((one) => (one.seq === 5 ? { ...one, outcome: 'refused' } : one)),
      'entry 5 of chain UA-68: was changed',
    ],
    [
      'was removed',
      () => entries.filter(({ seq }) => seq !== 5),
      'entry 6 of chain UA-68: entries before it (5) were removed',
    ],
    [
      'was cut off at the end',
      () => entries.slice(0, -2),
      'chain UA-68: entry 12, which checkpoint 1 signed, is not there',
    ],
    [
      'was moved',
      () => swap(entries, 4, 5),
      'entry 5 of chain UA-68: is in the wrong place, or was inserted',
    ],
    [
      'was inserted',
      () => entries.toSpliced(5, 0, ...entries.slice(2, 3)),
      'entry 3 of chain UA-68: is in the wrong place, or was inserted',
    ],
    [
      'was changed, and all that follows chained anew',
      () => rechained(entries, (one) => (one.seq === 5 ? { ...one, outcome: 'refused' } : one)),
      'entry 12 of chain UA-68: is not the one that checkpoint 1 signed',
    ],
    [
      'was left out, and all that follows chained anew',
      () => rechained(entries, (one) => (one.seq === 5 ? undefined : one)),
      'chain UA-68: entry 12, which checkpoint 1 signed, is not there',
    ],
    [
      'is gone with its whole chain',
      () => [],
      'chain UA-68: entry 12, which checkpoint 1 signed, is not there',
    ],
  ])('gets a no when an entry in Redis %s', async (_, forge, fault) => {
    expect((await verify(await exportTo(), signer)).code).toBe(0);
    await replaceChain('UA-68', forge());
    const { code, said } = await verify(await exportTo(), signer);
    expect(said).toContain(fault);
    expect(said).toContain('NO');
    expect(code).toBe(1);
  });

  test('gets a no when the checkpoints were made anew, if they were given one before', async () => {
    await redis.del([keys.auditCheckpoints, keys.auditCheckpointHead]);
    await replaceChain(
      'UA-68',
      rechained(entries, (one) => (one.seq === 5 ? undefined : one)),
    );
    await signUntil(1, signer);
    const file = await exportTo();
    expect((await verify(file, signer)).code).toBe(0);
    const { code, said } = await verify(file, signer, checkpoint ? [checkpoint] : []);
    expect(said).toContain('checkpoint 1: is not the one that was given out');
    expect(code).toBe(1);
  });

  // A run of the verifier each.
  test('gets no yes for a file of which any byte is another', { timeout: 60_000 }, async () => {
    const file = await exportTo();
    const whole = await readFile(file);
    const changed = join(folder, 'changed.ndjson');
    // What the file says of itself, and the last line feed, are no part of the record.
    const from = whole.indexOf('\n') + 1;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: from, max: whole.length - 2 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, by) => {
          const bytes = Buffer.from(whole);
          bytes.writeUInt8((bytes.readUInt8(at) + by) % 256, at);
          await writeFile(changed, bytes);
          expect((await verify(changed, signer)).code).not.toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('gets a no for a file that was cut off', async () => {
    const file = await exportTo();
    const lines = (await readFile(file, 'utf8')).split('\n');
    await writeFile(file, lines.slice(0, -2).join('\n'));
    expect(await verify(file, signer)).toMatchObject({ code: 1, said: expect.stringContaining('cut off') });
  });
});

test('outside control exports the audit over HTTP, and that is in it; others may not', async () => {
  const signer = createTestSigner('served');
  const environment = { AUDIT_PRIVATE_JWK: signer.privateJwk, AUDIT_CHECKPOINT_S: '1' };
  await using server = await startTestServer({ redisUrl, environment });
  const oversight = await server.signIn('oversight');
  await eventually(async () => (await store.last())?.seq ?? 0).toBeGreaterThan(0);

  const { body: keySet } = await server.stranger().get('/api/v1/audit/keys');
  expect(keySet).toEqual({ keys: signer.publicKeys });
  const { body: page } = await oversight.get('/api/v1/audit/checkpoints?order=desc&limit=1');
  expect(page).toMatchObject({ items: [{ kid: 'served' }] });

  const response = await fetch(`${server.origin}/api/v1/audit/export`, {
    headers: { cookie: oversight.cookie },
  });
  expect(response.headers.get('content-type')).toContain('application/x-ndjson');
  const file = join(folder, 'over-http.ndjson');
  await writeFile(file, Buffer.from(await response.arrayBuffer()));
  expect(await verify(file, signer)).toMatchObject({ code: 0 });
  expect(await readFile(file, 'utf8')).toContain('"audit.export"');

  const duty = await server.signIn('duty-68');
  expect((await duty.get('/api/v1/audit/export')).body).toMatchObject({ code: 'forbidden' });
  expect((await duty.get('/api/v1/audit/checkpoints')).body).toMatchObject({ code: 'forbidden' });
  expect((await duty.get('/api/v1/audit/state')).body).toMatchObject({ code: 'forbidden' });

  // Refusals by themselves: each of the duty officer's, and nothing else.
  const refusals = async () => {
    const { body } = await oversight.get('/api/v1/audit/entries?order=desc&outcome=refused&limit=2');
    return (body as { items: AuditEntry[] }).items.map(({ actor, outcome }) => `${actor.id} ${outcome}`);
  };
  await eventually(refusals).toEqual(['duty-68 refused', 'duty-68 refused']);

  const stateNow = async () => AuditState.parse((await oversight.get('/api/v1/audit/state')).body);
  const whole = await stateNow();
  expect(whole).toMatchObject({ isSigning: true, changedChains: [] });
  // Somebody with Redis in hand takes a signed entry away.
  const signed = whole.last?.heads.nation?.seq ?? 0;
  expect(await redis.xDel(keys.audit('nation'), streamIdOf(signed))).toBe(1);
  await eventually(async () => (await stateNow()).changedChains).toEqual(['nation']);
});

test('an export is signed up to itself: whoever leaves its newest entries out is found out', async () => {
  const signer = createTestSigner('served');
  const environment = { AUDIT_PRIVATE_JWK: signer.privateJwk };
  await using server = await startTestServer({ redisUrl, environment });
  const oversight = await server.signIn('oversight');
  // The beginning is signed; what comes now would be in an hour.
  await eventually(async () => (await store.last())?.seq ?? 0).toBe(1);
  await server.signIn('duty-68');
  const exported = String((await oversight.get('/api/v1/audit/export')).body);
  const file = join(folder, 'newest.ndjson');
  const lines = exported.trimEnd().split('\n');
  const isOfNation = (line: string) => line.startsWith('{"entry":{"chain":"nation"');
  const newest = lines.findLastIndex(isOfNation);
  expect(lines[newest]).toContain('"audit.export"');
  const check = async (kept: readonly string[]) => {
    const entries = kept.filter((line) => line.startsWith('{"entry"')).length;
    const checkpoints = kept.filter((line) => line.startsWith('{"checkpoint"')).length;
    await writeFile(file, `${[...kept.slice(0, -1), JSON.stringify({ entries, checkpoints })].join('\n')}\n`);
    return verify(file, signer);
  };
  const whole = await check(lines);
  expect(whole.said).toContain('YES');
  expect(whole.said).not.toContain('came after it');
  const without = await check(lines.toSpliced(newest, 1));
  expect(without.said).toMatch(/chain nation: entry \d+, which checkpoint 2 signed, is not there/);
  expect(without.code).toBe(1);
});

function swap(entries: readonly AuditEntry[], a: number, b: number): AuditEntry[] {
  const swapped = [...entries];
  const [first, second] = [entries[a], entries[b]];
  if (first && second) {
    swapped[a] = second;
    swapped[b] = first;
  }
  return swapped;
}
