import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { NodeRecord, SFU_CHANNELS, SFU_KEYS } from '#contract/registry.ts';
import { startTestRedis, type TestRedis } from '../../server/test/fixtures/redis.ts';
import { createTestAuthority, type TestAuthority } from './fixtures/authority.ts';
import { ControlClient } from './fixtures/control-client.ts';
import { eventually } from './fixtures/eventually.ts';
import { findFreePorts } from './fixtures/ports.ts';

let owned = new AsyncDisposableStack();
afterEach(async () => {
  await owned.disposeAsync();
  owned = new AsyncDisposableStack();
});

const main = new URL('../main.ts', import.meta.url).pathname;

interface Running {
  child: ChildProcess;
  redis: TestRedis;
  authority: TestAuthority;
  control: ControlClient;
  workerPids: number[];
}

/** The service as `npm run sfu` starts it. */
async function run(): Promise<Running> {
  const redis = owned.use(await startTestRedis());
  const authority = await createTestAuthority({ nodeId: 'sfu-process' });
  const first = await findFreePorts(4);
  const child = spawn(process.execPath, [main], {
    env: {
      ...process.env,
      REDIS_URL: redis.url,
      SFU_NODE_ID: 'sfu-process',
      SFU_LISTEN_ADDRESS: '127.0.0.1',
      SFU_CONTROL_PORT: String(first),
      SFU_PORT: String(first + 1),
      SFU_WORKERS: '2',
      GRANT_PUBLIC_JWKS: authority.publicJwks,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  owned.defer(() => void child.kill('SIGKILL'));
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const pids = await eventually('the sfu says that it runs', () => /"pids":\[([\d,]+)\]/.exec(output)?.[1]);
  const client = await redis.connect();
  await eventually('its record', () => client.exists(SFU_KEYS.node('sfu-process')).then(Boolean));
  const url = `http://127.0.0.1:${first}`;
  const control = owned.use(await ControlClient.withGrant(url, await authority.control()));
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect(await (await fetch(`${url}/metrics`)).text()).toContain('varta_sfu_workers 2');
  expect((await fetch(`${url}/anything`)).status).toBe(404);
  return { child, redis, authority, control, workerPids: pids.split(',').map(Number) };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

it('stops on SIGTERM: takes leave, closes what it opened, ends with 0', async () => {
  const { child, redis, control, workerPids } = await run();
  const news: NodeRecord[] = [];
  const subscriber = await redis.connect();
  await subscriber.subscribe(SFU_CHANNELS.nodes, (text) => news.push(NodeRecord.parse(JSON.parse(text))));
  const exited = once(child, 'exit');
  const disconnected = new Promise((resolve) => control.socket.once('disconnect', resolve));
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
  await disconnected;
  await eventually('its goodbye', () => news.some((record) => record.gone));
  const client = await redis.connect();
  expect(await client.keys('varta:{sfu}:*')).toEqual([]);
  await eventually('no worker is left', () => !workerPids.some(isRunning));
});

it('stops at once although it has a viewer, where there is no other node to go to', async () => {
  const { child, authority, control } = await run();
  await control.ask('viewer:join', { grant: await authority.view('viewer-one', []) });
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  // Far sooner than the viewer's grant ends, and SFU_DRAIN_MS.
  await eventually('it has ended', () => child.exitCode === 0, { withinMs: 8_000 });
  await exited;
});

it('leaves no worker behind when it is killed, and nothing of it is believed for long', async () => {
  const { child, redis, workerPids } = await run();
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
  await eventually('no worker is left', () => !workerPids.some(isRunning));
  const client = await redis.connect();
  await eventually(
    'its lease runs out',
    () => client.exists(SFU_KEYS.node('sfu-process')).then((n) => n === 0),
    {
      withinMs: 7_000,
    },
  );
});

it('refuses to start with wrong settings, and says which', async () => {
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH ?? '' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  expect(await once(child, 'exit')).toEqual([1, null]);
  expect(errors).toContain('REDIS_URL');
  expect(errors).toContain('GRANT_PUBLIC_JWKS');
  expect(errors).not.toContain('at ');
});
