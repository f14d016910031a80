import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { processStart } from '../../setup/early/process-table.mjs';
import { expectGone, makeFolder } from './fixtures/processes.ts';

const reportSchema = z.object({
  redis: z.number(),
  reaper: z.number(),
  service: z.tuple([z.number(), z.number()]),
});

async function startSupervisor(dataDir: string) {
  const program = join(import.meta.dirname, 'fixtures', 'supervisor.ts');
  const child: ChildProcess = spawn(process.execPath, [program, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (!child.stdout) throw new Error('no output');
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return { child, pids: reportSchema.parse(JSON.parse(line)) };
}

test('kill -9 of the supervisor leaves no process behind', async () => {
  await using folder = await makeFolder();
  const { child, pids } = await startSupervisor(join(folder.path, 'redis'));
  const all = [pids.redis, pids.reaper, ...pids.service];
  for (const pid of all) expect(processStart(pid)).toBeDefined();

  child.kill('SIGKILL');
  for (const pid of all) await expectGone(pid);
});

test('kill -9 of the reaper first, then of the supervisor, leaves no process behind either', async () => {
  await using folder = await makeFolder();
  const { child, pids } = await startSupervisor(join(folder.path, 'redis'));
  process.kill(pids.reaper, 'SIGKILL');
  await expectGone(pids.reaper);
  // The supervisor has collected the dead one, so it has been told, and has put another in its place.
  await expect
    .poll(() => childrenOf(child.pid ?? 0).then((list) => list.length), { timeout: 10_000 })
    .toBe(3);

  child.kill('SIGKILL');
  for (const pid of [pids.redis, ...pids.service]) await expectGone(pid);
});

async function childrenOf(parent: number): Promise<number[]> {
  const ps = spawn('ps', ['-eo', 'pid=,ppid='], { stdio: ['ignore', 'pipe', 'ignore'] });
  const pids: number[] = [];
  for await (const line of createInterface({ input: ps.stdout })) {
    const [pid, ppid] = line.trim().split(/\s+/).map(Number);
    if (pid !== undefined && ppid === parent) pids.push(pid);
  }
  return pids;
}
