import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';
import type { CommandResult } from '../sfu/worker-build/machine.ts';

const captureTimeoutMs = 15_000;
const captureMaxBytes = 4_000_000;
const keptOutputLines = 40;

/** Runs a short command; never rejects. */
export function capture(
  command: string,
  args: string[],
  options: { env?: NodeJS.ProcessEnv } = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    execFile(
      command,
      args,
      { timeout: captureTimeoutMs, maxBuffer: captureMaxBytes, env: options.env ?? process.env },
      (error, stdout, stderr) => {
        const code = error ? (typeof error.code === 'number' ? error.code : null) : 0;
        resolve({ code, stdout, stderr: stderr || (error?.message ?? '') });
      },
    );
  });
}

/** A long command; its lines go to `onLine`. Rejects with the end of its output, or when `signal` has stopped it. */
export async function runLong(
  command: string,
  args: string[],
  options: { onLine?: (line: string) => void; env?: NodeJS.ProcessEnv; signal?: AbortSignal } = {},
): Promise<void> {
  options.signal?.throwIfAborted();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: options.env ?? process.env });
  const stop = () => child.kill('SIGTERM');
  options.signal?.addEventListener('abort', stop, { once: true });
  const tail: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (text) => {
      const line = stripVTControlCharacters(text);
      tail.push(line);
      if (tail.length > keptOutputLines) tail.shift();
      options.onLine?.(line);
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  }).finally(() => options.signal?.removeEventListener('abort', stop));
  options.signal?.throwIfAborted();
  if (code !== 0) {
    throw new Error(`${[command, ...args].join(' ')} ended with ${code ?? 'a signal'}:\n${tail.join('\n')}`);
  }
}
