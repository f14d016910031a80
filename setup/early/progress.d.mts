/** One step being shown. */
export interface Progress {
  /** What the step is doing now. */
  note(text: string): void;
  done(text?: string): void;
  fail(text?: string): void;
}

/** "4.2 s", "37 s", "2 min 5 s". */
export function formatElapsed(ms: number): string;

/** Shows one step: what it does and how long it has taken, redrawn on a terminal, plain lines elsewhere. */
export function startProgress(title: string, out?: NodeJS.WritableStream): Progress;
