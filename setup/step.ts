import type { SystemNeed } from '../sfu/worker-build/machine.ts';

export type { SystemNeed };

/** Environment variables that tell the programs where set-up found things. */
export type FoundEnvironment = Record<string, string>;

/** What a step found when it looked: nothing to do, something only a package manager can bring, or its own work. */
export type Finding =
  | { state: 'ready'; env?: FoundEnvironment }
  | { state: 'missing'; needs: SystemNeed[] }
  | { state: 'to-do'; run: (note: (text: string) => void) => Promise<FinishedWork> };

/** What a step's own work came to. */
export interface FinishedWork {
  summary: string;
  env?: FoundEnvironment;
}

/** What steps are given. */
export interface StepContext {
  /** The checkout. */
  root: string;
  env: NodeJS.ProcessEnv;
  /** Aborts when somebody wants set-up to stop. */
  signal: AbortSignal;
}

/** One thing that has to be there. `inspect` is cheap and changes nothing on the machine. */
export interface Step {
  title: string;
  inspect(context: StepContext): Promise<Finding>;
}
