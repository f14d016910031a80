import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

/**
 * Sees to it that no child outlives this process, however it ends: a shell script (about 1 MB, on every Unix) that holds
 * our pipe and ends the children when the pipe closes. If the script itself is killed, another takes over.
 */
export class Reaper implements AsyncDisposable {
  readonly #watched = new Set<number>();
  #script: ChildProcess;
  #closed = false;

  constructor() {
    this.#script = this.#spawnScript();
  }

  /** The script's process. */
  get pid(): number | undefined {
    return this.#script.pid;
  }

  watch(pid: number): void {
    this.#watched.add(pid);
    this.#tell(this.#script, `watch ${pid}`);
  }

  forget(pid: number): void {
    if (this.#watched.delete(pid)) this.#tell(this.#script, `forget ${pid}`);
  }

  /** Ends the script. What is still watched then is let go, so stop the children first. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const script = this.#script;
    if (script.exitCode !== null || script.signalCode !== null) return;
    const exited = new Promise((resolve) => script.once('exit', resolve));
    this.#tell(script, 'done');
    script.stdin?.end();
    await exited;
  }

  #spawnScript(): ChildProcess {
    // Detached: ctrl-C in the terminal goes to the whole foreground group, and this one has to stay.
    const script = spawn('/bin/sh', [join(import.meta.dirname, 'reaper.sh')], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    // A script that is gone makes the pipe fail; the exit below deals with it.
    script.stdin?.on('error', () => {});
    script.on('exit', () => {
      if (!this.#closed) this.#script = this.#spawnScript();
    });
    for (const pid of this.#watched) this.#tell(script, `watch ${pid}`);
    return script;
  }

  #tell(script: ChildProcess, line: string): void {
    script.stdin?.write(`${line}\n`);
  }
}
