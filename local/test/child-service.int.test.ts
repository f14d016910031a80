import { expect, test } from 'vitest';
import { ChildService, type ServiceOptions } from '../child-service.ts';
import { createWatch, eventually, expectGone, makeFolder } from './fixtures/processes.ts';

type Watch = ReturnType<typeof createWatch>;

function createService(watch: Watch, script: string, more: Partial<ServiceOptions> = {}): ChildService {
  const run = { command: '/bin/sh', args: ['-c', script], cwd: '/', env: process.env };
  return new ChildService({ ...watch, ...run, name: 'child', ...more });
}

test('one that dies is started again, and says how it ended', async () => {
  await using watch = createWatch();
  await using service = createService(watch, 'echo started; sleep 600');
  service.start();
  const first = await eventually(() => service.pid);
  process.kill(first, 'SIGKILL');
  await eventually(() => (service.pid === first ? undefined : service.pid));
  expect(watch.said).toEqual([expect.stringContaining('child ended (SIGKILL)')]);
  await expect.poll(() => watch.lines).toEqual(['started', 'started']);
});

test('one that keeps dying is started less and less often', async () => {
  await using watch = createWatch();
  await using service = createService(watch, 'exit 3');
  service.start();
  await expect.poll(() => service.failuresInARow, { timeout: 10_000 }).toBeGreaterThanOrEqual(4);
  expect(service.lastEnd).toBe('code 3');
  expect(watch.said.slice(0, 3).map((text) => /in ([\d.]+) s/.exec(text)?.[1])).toEqual([
    '0.05',
    '0.1',
    '0.2',
  ]);
});

test('a program that is not there is a death like any other', async () => {
  await using watch = createWatch();
  await using service = createService(watch, '', { command: '/no/such/program' });
  service.start();
  await expect.poll(() => service.lastEnd).toContain('ENOENT');
});

test('one that will not stop is killed, and takes along what it had started', async () => {
  await using watch = createWatch();
  const script = 'trap "" TERM; sleep 600 & echo $!; while :; do sleep 1; done';
  const service = createService(watch, script, { stopGraceMs: 200 });
  service.start();
  const child = await eventually(() => service.pid);
  const grandchild = Number(await eventually(() => watch.lines[0]));
  await service.stop();
  await expectGone(child);
  await expectGone(grandchild);
  expect(service.pid).toBeUndefined();
});

test('stopping while it waits for its next start keeps it stopped', async () => {
  await using watch = createWatch();
  const service = createService(watch, 'echo run; exit 1');
  service.start();
  await expect.poll(() => service.failuresInARow).toBeGreaterThanOrEqual(1);
  await service.stop();
  const runs = watch.lines.length;
  await using other = createService(watch, 'sleep 600');
  other.start();
  await eventually(() => other.pid);
  expect(watch.lines.length).toBe(runs);
});

test('it runs in a process group of its own, so that ctrl-C reaches the supervisor alone', async () => {
  await using folder = await makeFolder();
  await using watch = createWatch();
  await using service = createService(watch, 'ps -o pgid= -p $$; sleep 600', { cwd: folder.path });
  service.start();
  const pid = await eventually(() => service.pid);
  expect(Number(await eventually(() => watch.lines[0]))).toBe(pid);
});
