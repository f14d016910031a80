import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createLineSplitter } from './line-splitter.ts';
import type { Reaper } from './reaper.ts';
import { countFailures, toRestartDelayMs } from './restart-backoff.ts';

/** What a service is started with. */
export interface ServiceOptions {
  /** In logs. */
  name: string;
  command: string;
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  reaper: Pick<Reaper, 'watch' | 'forget'>;
  /** Its lines on stdout and stderr. */
  onLine: (service: string, line: string) => void;
  /** What happens to it, for people. */
  say: (text: string) => void;
  /** Before each start; a rejection counts as a death. */
  beforeStart?: () => Promise<void>;
  /** From SIGTERM to SIGKILL. @default 8000 */
  stopGraceMs?: number;
}

const defaultStopGraceMs = 8_000;

type State =
  | { state: 'idle' }
  | { state: 'preparing' }
  | { state: 'running'; child: ChildProcess; pid: number; exited: Promise<unknown> }
  | { state: 'waiting'; timer: NodeJS.Timeout }
  | { state: 'stopped' };

/** A process that is started again when it dies, after a delay that grows while it keeps dying. */
export class ChildService implements AsyncDisposable {
  readonly #options: ServiceOptions;
  #state: State = { state: 'idle' };
  #failuresInARow = 0;
  #lastEnd = '';

  constructor(options: ServiceOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.name;
  }

  /** Of the running process. */
  get pid(): number | undefined {
    return this.#state.state === 'running' ? this.#state.pid : undefined;
  }

  /** Deaths without a steady run between them. */
  get failuresInARow(): number {
    return this.#failuresInARow;
  }

  /** How it ended last, such as "code 1". */
  get lastEnd(): string {
    return this.#lastEnd;
  }

  /** Starts it; does nothing when it was started before. */
  start(): void {
    if (this.#state.state === 'idle') void this.#launch();
  }

  /** SIGTERM, and SIGKILL when it takes too long; for good. Whatever it had started itself is swept up. */
  async stop(): Promise<void> {
    const before = this.#state;
    this.#state = { state: 'stopped' };
    if (before.state === 'waiting') clearTimeout(before.timer);
    if (before.state !== 'running') return;
    before.child.kill('SIGTERM');
    const forced = setTimeout(() => {
      this.#options.say(`${this.name} does not stop, killing it`);
      before.child.kill('SIGKILL');
    }, this.#options.stopGraceMs ?? defaultStopGraceMs);
    try {
      await before.exited;
    } finally {
      clearTimeout(forced);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #launch(): Promise<void> {
    this.#state = { state: 'preparing' };
    const startedAt = performance.now();
    try {
      await this.#options.beforeStart?.();
    } catch (error) {
      this.#handleEnd(startedAt, error instanceof Error ? error.message : String(error));
      return;
    }
    // `stop` may have come while it was being prepared.
    if (this.#hasStopped()) return;
    this.#spawn(startedAt);
  }

  #spawn(startedAt: number): void {
    const { command, args, cwd, env, reaper, name, onLine } = this.#options;
    // A group of its own: ctrl-C in the terminal reaches only the supervisor, which stops services in order.
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const pid = child.pid;
    if (pid === undefined) {
      child.once('error', (error) => this.#handleEnd(startedAt, error.message));
      return;
    }
    reaper.watch(pid);
    for (const stream of [child.stdout, child.stderr]) {
      const lines = createLineSplitter((line) => onLine(name, line));
      stream.setEncoding('utf8').on('data', lines.push).on('end', lines.flush);
    }
    this.#state = { state: 'running', child, pid, exited: once(child, 'exit') };
    child.once('exit', (code, signal) => {
      killGroup(pid);
      reaper.forget(pid);
      this.#handleEnd(startedAt, signal ?? `code ${code}`);
    });
  }

  #handleEnd(startedAt: number, how: string): void {
    this.#lastEnd = how;
    if (this.#hasStopped()) return;
    this.#failuresInARow = countFailures(this.#failuresInARow, performance.now() - startedAt);
    const delayMs = toRestartDelayMs(this.#failuresInARow);
    this.#options.say(`${this.name} ended (${how}); starting it again in ${delayMs / 1000} s`);
    this.#state = { state: 'waiting', timer: setTimeout(() => void this.#launch(), delayMs) };
  }

  #hasStopped(): boolean {
    return this.#state.state === 'stopped';
  }
}

/** Takes along what a dead leader left running, such as encoders. */
function killGroup(leaderPid: number): void {
  try {
    process.kill(-leaderPid, 'SIGKILL');
  } catch {
    // Nobody left, which is the rule.
  }
}
