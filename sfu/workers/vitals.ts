import { readFileSync } from 'node:fs';

/** How the system has a process. */
export interface Vitals {
  /** It runs, or waits for a core or a disk; otherwise it sleeps, or was stopped. */
  isRunning: boolean;
  /** What it has used of its cores so far, in ticks of the system (10 ms). */
  cpuTicks: number;
}

/** What the system says of a process; undefined where it says nothing: no Linux, or the process is gone. */
export function readVitals(pid: number): Vitals | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Reads the line of `/proc/<pid>/stat` (proc(5)): the state and the 11th and 12th fields after it.
 * The name before them may hold anything.
 */
export function parseStat(line: string): Vitals | undefined {
  const fields = line
    .slice(line.lastIndexOf(')') + 1)
    .trim()
    .split(' ');
  const [state = ''] = fields;
  const cpuTicks = Number(fields[11]) + Number(fields[12]);
  return state === '' || Number.isNaN(cpuTicks) ? undefined : { isRunning: 'RD'.includes(state), cpuTicks };
}

/** Whether a process has done nothing between two looks and is about to do nothing. What is not known counts as life. */
export function isStill(before: Vitals | undefined, now: Vitals | undefined): boolean {
  return before !== undefined && now !== undefined && !now.isRunning && now.cpuTicks === before.cpuTicks;
}
