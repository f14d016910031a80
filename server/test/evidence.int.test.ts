import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Evidence } from '#contract/evidence.ts';
import { EvidenceCustody, EvidenceList, Evidence as EvidenceSchema } from '#contract/evidence.ts';
import { Flag } from '#contract/flags.ts';
import type { SfuNode } from '../../sfu/node/sfu-node.ts';
import { Camera } from '../../sfu/test/fixtures/camera.ts';
import { ControlClient } from '../../sfu/test/fixtures/control-client.ts';
import { eventually, passes } from '../../sfu/test/fixtures/eventually.ts';
import { HeadlessViewer } from '../../sfu/test/fixtures/headless-viewer.ts';
import { findFreePorts } from '../../sfu/test/fixtures/ports.ts';
import { probeVideo } from '../../sfu/test/fixtures/probe-video.ts';
import { paintArea, toVideo } from '../../sfu/test/fixtures/sample-video.ts';
import { createAuditModule } from '../audit/module.ts';
import { EvidenceStore } from '../evidence/evidence-store.ts';
import { sweepEvidence } from '../evidence/sweep.ts';
import { Vault } from '../evidence/vault.ts';
import { coversTime } from '../holds/coverage.ts';
import { HoldStore } from '../holds/hold-store.ts';
import { createLiveWriter } from '../live/live-writer.ts';
import { createGrantSigner } from '../media/grants/grant-signer.ts';
import { createTestSigner } from './fixtures/audit-key.ts';
import { connectCamera } from './fixtures/facility-camera.ts';
import { areaStatus } from './fixtures/live-records.ts';
import { startMediaNode } from './fixtures/media-node.ts';
import { createGrantKeys } from './fixtures/media-replica.ts';
import { QUIET_LOG } from './fixtures/quiet-log.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';
import { ServerProcess } from './fixtures/server-process.ts';

const run = promisify(execFile);
const VERIFY_FOLDER = fileURLToPath(new URL('../../verify', import.meta.url));
const VERIFIER = join(VERIFY_FOLDER, 'varta-verify.mjs');
const FACILITY = 'ua-68-itt-1';
const AREA = 'ua-68-itt-1-cell-2';
const FEED = 'ua-68-itt-1-cell-2-cam-1';
const UNWATCHED = 'ua-68-itt-1-cell-3-cam-1';
/** What the cameras show, by its place in the sample nation. */
const SHOWN = 188;
const PRE_S = 3;
const POST_S = 2;
const KEY = { id: 'test', bytes: Buffer.alloc(32, 7) };

const owned = new AsyncDisposableStack();
let redis: TestRedis;
let server: ServerProcess;
let sfu: SfuNode;
let viewer: HeadlessViewer;
let folder: string;
let dataDir: string;
let keysFile: string;

beforeAll(async () => {
  redis = owned.use(await startTestRedis());
  folder = await mkdtemp(join(tmpdir(), 'varta-evidence-'));
  owned.defer(() => rm(folder, { recursive: true, force: true }));
  dataDir = join(folder, 'data');
  const signer = createTestSigner('audit-1');
  keysFile = join(folder, 'keys.json');
  await writeFile(keysFile, JSON.stringify({ keys: signer.publicKeys }));
  const grantKeys = createGrantKeys();
  sfu = owned.use(
    await startMediaNode({
      redisUrl: redis.url,
      grantKeys,
      environment: { SFU_LINGER_MS: '500', SFU_RING_S: '5' },
    }),
  );
  server = owned.use(
    new ServerProcess({
      redisUrl: redis.url,
      grantPrivateJwk: JSON.stringify(grantKeys.privateJwk),
      dataDir,
      port: await findFreePorts(1),
      environment: {
        AUDIT_PRIVATE_JWK: signer.privateJwk,
        EVIDENCE_KEY: `${KEY.id}:${KEY.bytes.toString('base64url')}`,
        EVIDENCE_PRE_S: String(PRE_S),
        EVIDENCE_POST_S: String(POST_S),
      },
    }),
  );
  await server.start();
  const video = await toVideo(paintArea(SHOWN));
  for (const feedId of [FEED, UNWATCHED]) {
    const camera = owned.use(new Camera(video));
    owned.use(connectCamera(server, { facilityId: FACILITY, feedId, camera }));
  }
  const grants = await createGrantSigner({ key: grantKeys.privateJwk, replicaId: 'test', now: Date.now });
  const control = owned.use(
    await ControlClient.withGrant(sfu.controlUrl, await grants.signControl('sfu-test')),
  );
  const authority = {
    view: (viewerId: string, feeds: unknown[]) =>
      grants.signView(
        'sfu-test',
        viewerId,
        feeds.map((id) => ({
          id: String(id),
          facilityId: FACILITY,
          regionId: 'UA-68',
          source: 'edge' as const,
          layers: ['low', 'high'] as ('low' | 'high')[],
          maxLayer: 'high' as const,
        })),
      ),
  };
  viewer = await HeadlessViewer.join({ control, authority }, 'viewer-evidence');
  await eventually('the camera answers', () => viewer.watch([FEED]).catch(() => undefined), {
    withinMs: 20_000,
    everyMs: 300,
  });
  // Its grants are seconds long, as a server's are.
  const renewing = setInterval(() => void viewer.renew([FEED]).catch(() => undefined), 4_000);
  owned.defer(() => clearInterval(renewing));
  await eventually('the ring is full', () => sfu.figures().ringBytes > 0 || undefined, { withinMs: 20_000 });
  await passes((PRE_S + 1.5) * 1_000);
}, 120_000);
afterAll(() => owned.disposeAsync());

/** Somebody who is signed in. */
class Caller {
  readonly cookie: string;

  static async as(username: string): Promise<Caller> {
    return new Caller(await server.signIn(username));
  }

  private constructor(cookie: string) {
    this.cookie = cookie;
  }

  fetch(path: string, init: { method?: string; body?: unknown; headers?: Record<string, string> } = {}) {
    return fetch(server.origin + path, {
      method: init.method ?? 'GET',
      headers: {
        cookie: this.cookie,
        origin: server.origin,
        ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...init.headers,
      },
      ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
    });
  }

  async raise(areaId = AREA): Promise<Flag> {
    const body = { areaId, category: 'force', severity: 1, note: 'a test' };
    const response = await this.fetch('/api/v1/flags', { method: 'POST', body });
    return Flag.parse(await response.json());
  }

  async evidenceOf(flag: Flag): Promise<Evidence[]> {
    const response = await this.fetch(`/api/v1/flags/${flag.id}/evidence`);
    return EvidenceList.parse(await response.json()).items;
  }

  /** The first evidence of a flag, once it is no longer being taken. */
  settled(flag: Flag): Promise<Evidence> {
    return eventually(
      'the evidence is settled',
      async () => {
        const [first] = await this.evidenceOf(flag);
        return first && first.state !== 'taking' ? first : undefined;
      },
      { withinMs: 20_000, everyMs: 100 },
    );
  }

  async kept(flag: Flag): Promise<Extract<Evidence, { state: 'kept' }>> {
    const evidence = await this.settled(flag);
    if (evidence.state !== 'kept') throw new Error(`it is ${JSON.stringify(evidence)}`);
    return evidence;
  }

  async file(evidence: Evidence, name: string, headers: Record<string, string> = {}) {
    const response = await this.fetch(`/api/v1/evidence/${evidence.id}/files/${name}`, { headers });
    return { response, bytes: Buffer.from(await response.arrayBuffer()) };
  }

  async custody(evidence: Evidence) {
    const response = await this.fetch(`/api/v1/evidence/${evidence.id}/custody`);
    return EvidenceCustody.parse(await response.json()).items;
  }
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

const verify = (file: string) => said(process.execPath, [VERIFIER, file, '--keys', keysFile]);

async function said(program: string, asked: string[]): Promise<{ code: number; said: string }> {
  return run(program, asked).then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      code: error.code,
      said: error.stdout + error.stderr,
    }),
  );
}

describe('when a person raises a flag', () => {
  test('the still of the moment and a clip are kept: what came before and after, whole, of the right area', async () => {
    const duty = await Caller.as('duty-68');
    const raisedMs = Date.now();
    const evidence = await duty.kept(await duty.raise());
    const { manifest } = evidence;
    const [still, video] = manifest.files;
    expect(manifest).toMatchObject({
      areaId: AREA,
      feedId: FEED,
      end: 'complete',
      cutBefore: null,
      gaps: [],
    });
    expect(Math.abs(Date.parse(manifest.at) - raisedMs)).toBeLessThan(1_500);
    expect(still).toMatchObject({ name: 'still.jpg', kind: 'still' });
    expect(video).toMatchObject({ name: 'clip-1.mp4', kind: 'video' });
    expect(Date.parse(manifest.at) - Date.parse(video?.from ?? '')).toBeGreaterThanOrEqual(PRE_S * 1_000);
    expect(Date.parse(video?.to ?? '') - Date.parse(manifest.at)).toBeGreaterThan(POST_S * 1_000 - 300);

    const clip = await duty.file(evidence, 'clip-1.mp4');
    expect(clip.response.headers.get('content-type')).toBe('video/mp4');
    expect(sha256(clip.bytes)).toBe(video?.sha256);
    const seen = await probeVideo(clip.bytes);
    expect(seen.durationS).toBeGreaterThan(PRE_S + POST_S - 0.5);
    expect(seen.durationS).toBeLessThan(PRE_S + POST_S + 1.8);
    expect(seen).toMatchObject({ frames: video?.pictures, shows: [SHOWN, SHOWN] });
    expect((await probeVideo((await duty.file(evidence, 'still.jpg')).bytes)).shows[0]).toBe(SHOWN);

    // On the disk: nothing that is a picture.
    const at = join(dataDir, 'evidence', 'UA-68', evidence.id);
    const stored = await Promise.all((await readdir(at)).map((name) => readFile(join(at, name))));
    expect(stored).toHaveLength(2);
    for (const bytes of stored) {
      expect(bytes.includes('ftyp')).toBe(false);
      expect(bytes.readUInt16BE(0)).not.toBe(0xffd8);
    }
  });

  test('each look is on record before anything is seen, once a minute; and pieces are given as players ask for them', async () => {
    const duty = await Caller.as('duty-68');
    const control = await Caller.as('prosecutor');
    const evidence = await duty.kept(await duty.raise());
    const whole = await duty.file(evidence, 'clip-1.mp4');
    const piece = await duty.file(evidence, 'clip-1.mp4', { range: 'bytes=100-199' });
    expect(piece.response.status).toBe(206);
    expect(piece.response.headers.get('content-range')).toBe(`bytes 100-199/${whole.bytes.length}`);
    expect(piece.bytes).toEqual(whole.bytes.subarray(100, 200));
    const custody = await control.custody(evidence);
    expect(custody.map(({ actor, action }) => [actor.id, action])).toEqual([
      ['evidence', 'evidence.take'],
      ['evidence', 'evidence.keep'],
      ['duty-68', 'evidence.read'],
    ]);
    expect(custody[1]?.details.manifest).toBe(evidence.manifest.hash);
    // What outside control looks at is not for those whom it controls.
    expect((await duty.fetch(`/api/v1/evidence/${evidence.id}/custody`)).status).toBe(403);
    expect((await duty.fetch(`/api/v1/evidence/${evidence.id}/export`)).status).toBe(403);
  });
});

describe('on demand', () => {
  test('of a feed that nobody watches: from its moment on, with a reason, for those whose role may', async () => {
    const situation = await Caller.as('situation');
    const flag = await situation.raise('ua-68-itt-1-cell-3');
    await situation.settled(flag);
    const body = { id: randomUUID(), feedId: UNWATCHED, reason: 'says that he was beaten' };
    const path = `/api/v1/flags/${flag.id}/evidence`;
    const taken = await situation.fetch(path, { method: 'POST', body });
    expect(taken.status).toBe(202);
    expect(EvidenceSchema.parse(await taken.json()).state).toBe('taking');
    // Asked twice, it is taken once.
    expect((await situation.fetch(path, { method: 'POST', body })).status).toBe(202);
    const found = await eventually(
      'it is kept',
      async () =>
        (await situation.evidenceOf(flag)).find(({ id, state }) => id === body.id && state === 'kept'),
      { withinMs: 20_000 },
    );
    const clip = await situation.file(found, 'clip-1.mp4');
    expect((await probeVideo(clip.bytes)).shows).toEqual([SHOWN, SHOWN]);
    expect(found.cause).toEqual({ kind: 'request', by: 'situation', reason: body.reason });
    const oncall = await Caller.as('oncall');
    const again = { ...body, id: randomUUID() };
    expect((await oncall.fetch(path, { method: 'POST', body: again })).status).toBe(403);
    const elsewhere = { ...again, feedId: 'ua-05-itt-1-cell-1-cam-1' };
    expect((await situation.fetch(path, { method: 'POST', body: elsewhere })).status).toBe(404);
  });
});

describe('what outside control asks for', () => {
  test('nobody in the places that it controls learns: not that there is one, by whom, why, nor a picture', async () => {
    const [situation, duty, oncall] = await Promise.all(['situation', 'duty-68', 'oncall'].map(Caller.as));
    const [prosecutor, oversight] = await Promise.all(['prosecutor', 'oversight'].map(Caller.as));
    if (!situation || !duty || !oncall || !prosecutor || !oversight) throw new Error('unreachable');
    const flag = await situation.raise();
    const own = await situation.kept(flag);
    const body = { id: randomUUID(), feedId: FEED, reason: 'proceedings that nobody there knows of' };
    const path = `/api/v1/flags/${flag.id}/evidence`;
    expect((await prosecutor.fetch(path, { method: 'POST', body })).status).toBe(202);
    const kept = await eventually(
      'it is kept',
      async () =>
        (await prosecutor.evidenceOf(flag)).find(({ id, state }) => id === body.id && state === 'kept'),
      { withinMs: 20_000 },
    );
    expect(kept.cause).toEqual({
      kind: 'control',
      office: 'prosecutor',
      by: 'prosecutor',
      reason: body.reason,
    });
    const listed = async (caller: Caller) => (await caller.fetch('/api/v1/evidence?limit=200')).text();
    const one = `/api/v1/evidence/${kept.id}`;
    for (const caller of [situation, duty, oncall]) {
      expect((await caller.evidenceOf(flag)).map(({ id }) => id)).toEqual([own.id]);
      expect(await listed(caller)).toContain(own.id);
      expect(await listed(caller)).not.toContain(kept.id);
      expect(await listed(caller)).not.toContain(body.reason);
      for (const asking of [one, `${one}/files/clip-1.mp4`, `${one}/files/still.jpg`])
        expect((await caller.fetch(asking)).status, asking).toBe(404);
    }
    expect((await oversight.evidenceOf(flag)).map(({ id }) => id)).toEqual([own.id, kept.id]);
    expect(await listed(oversight)).toContain(body.reason);
    expect((await oversight.file(kept, 'clip-1.mp4')).response.status).toBe(200);
    // What was done with it, those who read the audit see whole.
    expect((await oversight.custody(kept)).map(({ action, actor }) => [action, actor.id])).toContainEqual([
      'evidence.take',
      'prosecutor',
    ]);
  });
});

describe('a package', () => {
  test('is verified offline: yes; and after any byte of it has changed, no', async () => {
    const duty = await Caller.as('duty-68');
    const control = await Caller.as('prosecutor');
    const evidence = await duty.kept(await duty.raise());
    await control.file(evidence, 'clip-1.mp4');
    const response = await control.fetch(`/api/v1/evidence/${evidence.id}/export`);
    expect(response.headers.get('content-type')).toBe('application/zip');
    const bytes = Buffer.from(await response.arrayBuffer());
    const file = join(folder, 'package.zip');
    await writeFile(file, bytes);
    const yes = await verify(file);
    expect(yes.said).toContain('YES');
    expect(yes.code).toBe(0);
    expect(yes.said).toContain('4 entries');
    // What unzips it elsewhere says the same of the folder.
    const unpacked = join(folder, 'unpacked');
    await run('python3', ['-m', 'zipfile', '-e', file, unpacked]);
    expect((await verify(unpacked)).said).toContain('YES');

    const changed = join(folder, 'changed.zip');
    const step = Math.floor(bytes.length / 23);
    const places = [...Array.from({ length: 23 }, (_, index) => index * step), bytes.length - 1];
    for (const place of places) {
      const copy = Buffer.from(bytes);
      copy[place] = (copy[place] ?? 0) ^ 1;
      await writeFile(changed, copy);
      const no = await verify(changed);
      expect(no.said, `byte ${place}`).toContain('NO');
      expect(no.code).toBe(1);
    }
    // In the folder there is no checksum but the signed one: it says which file.
    const clip = await readFile(join(unpacked, 'clip-1.mp4'));
    clip[1_000] = (clip[1_000] ?? 0) ^ 1;
    await writeFile(join(unpacked, 'clip-1.mp4'), clip);
    expect((await verify(unpacked)).said).toContain('✗ clip-1.mp4: is not what the manifest says');
    const lines = (await readFile(join(unpacked, 'audit.ndjson'), 'utf8')).split('\n');
    await writeFile(join(unpacked, 'audit.ndjson'), lines.toSpliced(2, 1).join('\n'));
    expect((await verify(unpacked)).said).toContain('✗ audit.ndjson: does not hold the entries');
  });

  test('the verifier in the package says yes on a machine that has nothing but Node, and no of another byte', async () => {
    const duty = await Caller.as('duty-68');
    const control = await Caller.as('prosecutor');
    const evidence = await duty.kept(await duty.raise());
    const response = await control.fetch(`/api/v1/evidence/${evidence.id}/export`);
    const bytes = Buffer.from(await response.arrayBuffer());
    const elsewhere = await mkdtemp(join(folder, 'elsewhere-'));
    const file = join(elsewhere, 'package.zip');
    await writeFile(file, bytes);
    const unpacked = join(elsewhere, 'unpacked');
    await run('python3', ['-m', 'zipfile', '-e', file, unpacked]);
    const included = join(elsewhere, 'varta-verify.mjs');
    await copyFile(join(unpacked, 'varta-verify.mjs'), included);
    const digest = createHash('sha256')
      .update(await readFile(included))
      .digest('hex');
    expect(await readFile(join(unpacked, 'README.txt'), 'utf8')).toContain(digest);
    const check = (what: string) => said(process.execPath, [included, what, '--keys', keysFile]);
    for (const what of [file, unpacked]) {
      const yes = await check(what);
      expect(yes.said).toContain('YES');
      expect(yes.code).toBe(0);
    }
    const changed = Buffer.from(bytes);
    const place = bytes.indexOf('manifest.json') + 400;
    changed[place] = (changed[place] ?? 0) ^ 1;
    await writeFile(file, changed);
    expect(await check(file)).toMatchObject({ code: 1, said: expect.stringContaining('NO') });
    // Another program beside the pictures is told by a verifier that was not in the package.
    await writeFile(join(unpacked, 'varta-verify.mjs'), "process.stdout.write('YES');");
    const told = await verify(unpacked);
    expect(told.code).toBe(1);
    expect(told.said).toContain('✗ varta-verify.mjs: is not the verifier that custody.json signs');
  });

  test('with one byte changed in what was done with it: the packed verifier says no, and names the entry', async () => {
    const duty = await Caller.as('duty-68');
    const control = await Caller.as('prosecutor');
    const evidence = await duty.kept(await duty.raise());
    await duty.file(evidence, 'still.jpg');
    const response = await control.fetch(`/api/v1/evidence/${evidence.id}/export`);
    const bytes = Buffer.from(await response.arrayBuffer());
    const file = join(folder, 'exported.zip');
    await writeFile(file, bytes);
    // As it is carried to another machine, where there is no network.
    const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', folder, VERIFY_FOLDER]);
    const packed = join(folder, stdout.trim().split('\n').at(-1) ?? '');
    const asked = ['--offline', '--yes', `--package=${packed}`, 'varta-verify', file, '--keys', keysFile];
    expect((await said('npx', asked)).said).toContain('YES');
    const looked = bytes.indexOf('"action":"evidence.read"');
    bytes.write('x', looked + '"action":"evidence.'.length);
    await writeFile(file, bytes);
    const no = await said('npx', asked);
    expect(no.code).toBe(1);
    expect(no.said).toContain('✗ entry 3 of audit.ndjson: (evidence.xead, ');
    expect(no.said).toContain('NO: this is not what was kept.');
  });
});

describe('the gate', () => {
  test('cuts a clip before it, and says so; while it is closed none is begun', async () => {
    const duty = await Caller.as('duty-68');
    const writer = createLiveWriter({ redis: await redis.connect(), now: Date.now });
    const flag = await duty.raise();
    await eventually('it is being taken', async () => (await duty.evidenceOf(flag)).length > 0);
    await passes(500);
    const since = new Date().toISOString();
    await writer.commit('UA-68', { areas: [areaStatus(AREA, { confidentialSince: since })] });
    const evidence = await duty.kept(flag);
    const { manifest } = evidence;
    expect(manifest.cutBefore).not.toBeNull();
    expect(Date.parse(manifest.cutBefore ?? '')).toBeLessThanOrEqual(Date.parse(since));
    for (const { to } of manifest.files) expect(Date.parse(to)).toBeLessThan(Date.parse(since));
    const body = { id: randomUUID(), feedId: FEED, reason: 'for a test' };
    const refused = await duty.fetch(`/api/v1/flags/${flag.id}/evidence`, { method: 'POST', body });
    expect([refused.status, (await refused.json()).code]).toEqual([403, 'confidential']);
    const another = await duty.raise();
    await writer.commit('UA-68', { areas: [areaStatus(AREA)] });
    expect(await duty.evidenceOf(another)).toEqual([]);
  });
});

describe('what is kept', () => {
  test('outlives a kill -9 of the server that said so', async () => {
    const duty = await Caller.as('duty-68');
    const evidence = await duty.kept(await duty.raise());
    await server.kill();
    await server.start();
    const again = await Caller.as('duty-68');
    const [, video] = evidence.manifest.files;
    const clip = await again.file(evidence, 'clip-1.mp4');
    expect(sha256(clip.bytes)).toBe(video?.sha256);
  });

  test('is erased when its time is over, unless a hold covers it', async () => {
    const duty = await Caller.as('duty-68');
    const control = await Caller.as('ombudsman');
    const evidence = await duty.kept(await duty.raise());
    const hold = { id: randomUUID(), target: { kind: 'flag', flagId: evidence.flagId } };
    const words = { reference: 'inquiry 7', reason: 'asked for by the family' };
    const held = await control.fetch('/api/v1/holds', { method: 'POST', body: { ...hold, ...words } });
    expect(held.status).toBe(201);

    const connection = await redis.connect();
    const audit = createAuditModule({ redis: connection, now: Date.now, log: QUIET_LOG });
    const store = new EvidenceStore({ redis: connection, audit });
    const holds = new HoldStore({ redis: connection, audit });
    const vault = new Vault({ directory: join(dataDir, 'evidence'), keys: [KEY], maxBytes: 1e9 });
    const sweep = (days: number) =>
      sweepEvidence('UA-68', {
        store,
        vault,
        heldIn: async (regionId) => {
          const { version, coverages } = await holds.inForce(regionId);
          return { version, isTimeHeld: async (time) => coverages.some((one) => coversTime(one, time)) };
        },
        isCrossed: async () => false,
        days: 90,
        now: () => Date.now() + days * 24 * 3_600_000,
      });
    expect(await sweep(89)).toMatchObject({ erased: 0 });
    // Everything of the other tests lies within a day of this flag and in its area, or in the next cell.
    await sweep(91);
    expect((await duty.file(evidence, 'still.jpg')).response.status).toBe(200);
    const release = `/api/v1/holds/${hold.id}/release`;
    expect((await control.fetch(release, { method: 'POST', body: { reason: 'closed' } })).status).toBe(200);
    expect((await sweep(92)).erased).toBeGreaterThan(0);
    const gone = await duty.file(evidence, 'still.jpg');
    expect([gone.response.status, JSON.parse(gone.bytes.toString()).code]).toEqual([410, 'evidence_erased']);
    await expect(readdir(join(dataDir, 'evidence', 'UA-68', evidence.id))).rejects.toThrow('ENOENT');
    expect((await control.custody(evidence)).map(({ action }) => action)).toEqual(
      expect.arrayContaining(['evidence.hold', 'evidence.erase']),
    );
    await audit[Symbol.asyncDispose]();
  });
});
