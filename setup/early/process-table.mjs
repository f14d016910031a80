// Plain JavaScript: it runs under the machine's own Node too, before the pinned one is there.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * The fields of /proc/<pid>/stat from the third on (state), counted behind the command name, which may hold spaces and
 * brackets.
 *
 * @param {number} pid
 */
function readStat(pid) {
  return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
}

/**
 * @param {string} field
 * @param {number} pid
 */
function askPs(field, pid) {
  return execFileSync('ps', ['-o', `${field}=`, '-p', String(pid)], { encoding: 'utf8' }).trim();
}

/**
 * When a process started, in whatever words the system has; undefined when there is no such process or it is dead and
 * only waits to be collected. Together with the pid it names one process for good, pids being used again.
 *
 * @param {number} pid
 * @returns {string | undefined}
 */
export function processStart(pid) {
  try {
    if (process.platform !== 'linux') return askPs('lstart', pid) || undefined;
    const fields = readStat(pid);
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/**
 * The parent of a process; 0 when there is no such process.
 *
 * @param {number} pid
 */
export function processParent(pid) {
  try {
    return Number(process.platform === 'linux' ? readStat(pid)[1] : askPs('ppid', pid));
  } catch {
    return 0;
  }
}
