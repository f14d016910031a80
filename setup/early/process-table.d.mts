/** When a process started, in the system's words; undefined when there is no such process. */
export function processStart(pid: number): string | undefined;

/** The parent of a process; 0 when there is no such process. */
export function processParent(pid: number): number;
