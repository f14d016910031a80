/** A lock that is ours until `release`, or the process that has it. */
export type LockResult = { state: 'acquired'; release: () => Promise<void> } | { state: 'held'; pid: number };

/**
 * Holds `path` as a lock file across processes; a lock whose process is gone is taken over. With `wait` (the default) it
 * answers only when it has the lock.
 */
export function acquireLock(
  path: string,
  options?: { wait?: boolean; onWait?: (pid: number) => void },
): Promise<LockResult>;
