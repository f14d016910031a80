import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Figure } from './report.ts';

/** Set for whoever runs in a network that is this process's alone. */
const OWN_NETWORK = 'VARTA_OWN_NETWORK';

/**
 * A loopback, and a cable that leads nowhere: with a loopback alone a browser believes itself offline. The rule that finds local
 * addresses comes second, so that one before it can keep packets from them.
 */
const OPEN_NETWORK = `
set -e
ip link set lo up
ip link add varta-a type veth peer name varta-b
ip addr add 10.231.255.1/30 dev varta-a
ip link set varta-a up
ip link set varta-b up
ip route add default via 10.231.255.2
ip rule add pref 1 lookup local
ip rule del pref 0
exec "$@"`;

/** Networks of one's own are root's to open, as a rule. */
export function canOpenNetworks(): boolean {
  // Not every root may: it takes CAP_SYS_ADMIN, and `ip`.
  return spawnSync('unshare', ['--net', 'ip', 'link']).status === 0;
}

/** Whether lines may be broken here without anybody else's being broken too. */
export function isInOwnNetwork(): boolean {
  return process.env[OWN_NETWORK] !== undefined;
}

/** Runs a suite in a process that has a network to itself. @throws Error if it fails there */
export async function runInOwnNetwork(suite: string): Promise<readonly Figure[]> {
  const program = [process.execPath, join(import.meta.dirname, 'in-own-network.ts'), suite];
  const child = spawn('unshare', ['--net', 'sh', '-c', OPEN_NETWORK, 'sh', ...program], {
    env: { ...process.env, [OWN_NETWORK]: '1' },
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  let figures: readonly Figure[] | undefined;
  child.on('message', (message: readonly Figure[]) => {
    figures = message;
  });
  const [code, signal] = await once(child, 'exit');
  if (code !== 0 || !figures)
    throw new Error(`${suite} failed in its own network (${signal ?? `exit code ${code}`})`);
  return figures;
}

/** Until it is disposed of, no datagram gets through to these ports of this process's own network, nor from them. */
export async function cutUdp({ min, max }: { min: number; max: number }): Promise<AsyncDisposable> {
  const rule = (act: 'add' | 'del', end: 'dport' | 'sport') =>
    promisify(execFile)('ip', `rule ${act} pref 0 ipproto udp ${end} ${min}-${max} blackhole`.split(' '));
  await using made = new AsyncDisposableStack();
  for (const end of ['dport', 'sport'] as const) {
    await rule('add', end);
    made.defer(async () => void (await rule('del', end)));
  }
  const cut = made.move();
  return { [Symbol.asyncDispose]: () => cut.disposeAsync() };
}
