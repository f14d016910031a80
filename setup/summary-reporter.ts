import { stripVTControlCharacters } from 'node:util';
import type { Reporter, TestModule } from 'vitest/node';

/** A test that failed first and passed when tried again. */
export interface Flaky {
  name: string;
  /** What the first attempt failed with; undefined where nothing was kept of it. */
  error: { message: string; cause?: unknown } | undefined;
}

/** Tests that failed first and passed when tried again, and why: not a failure, but somebody has to look at them. */
export function formatFlaky(tests: readonly Flaky[]): string {
  return tests.length === 0
    ? ''
    : `Passed at the second attempt only:\n${tests.map(({ name, error }) => `  ${name}\n    ${toLine(error)}\n`).join('')}`;
}

/** A test that did not run, and says why. */
export interface Skipped {
  name: string;
  note: string;
}

/** Tests that could not run here: what they would have shown is not shown by this run. */
export function formatSkipped(tests: readonly Skipped[]): string {
  return tests.length === 0
    ? ''
    : `Not run here:\n${tests.map(({ name, note }) => `  ${name}\n    ${note}\n`).join('')}`;
}

/** So much of a message tells what was expected; the rest is what it was expected of. */
const MAX_CHARS = 500;

/** An error in one line, without colours; behind it what it came from, which tells why something was waited for in vain. */
function toLine(error: Flaky['error']): string {
  if (!error) return 'no error was kept';
  const told = [error.message, messageOf(error.cause)].filter((text) => text !== undefined).join('; cause: ');
  const line = stripVTControlCharacters(told).replaceAll(/\s+/g, ' ').trim();
  return line.length > MAX_CHARS ? `${line.slice(0, MAX_CHARS)}…` : line;
}

function messageOf(cause: unknown): string | undefined {
  if (typeof cause !== 'object' || cause === null || !('message' in cause)) return undefined;
  return String(cause.message);
}

/** The last line of a test run, plain, for programs that read it. */
export function formatSummary(passed: number, failed: number): string {
  return `Tests: ${passed} passed, ${failed} failed`;
}

/**
 * Prints one plain line behind vitest's own summary. A run in which no test ran proves nothing, so it fails; a file that
 * could not be loaded counts as one failed test.
 */
export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0;
    let failed = unhandledErrors.length;
    const flaky: Flaky[] = [];
    const skipped: Skipped[] = [];
    for (const module of modules) {
      const before = failed;
      for (const test of module.children.allTests()) {
        const name = `${module.relativeModuleId} > ${test.fullName}`;
        const result = test.result();
        const { state, errors } = result;
        if (state === 'passed') passed += 1;
        if (state === 'failed') failed += 1;
        // One that a filter leaves out has no note.
        if (result.state === 'skipped' && result.note !== undefined)
          skipped.push({ name, note: result.note });
        if (test.diagnostic()?.flaky) flaky.push({ name, error: errors?.[0] });
      }
      if (module.state() === 'failed' && failed === before) failed += 1;
    }
    if (passed + failed === 0 || failed > 0) process.exitCode = 1;
    // Behind whatever vitest still writes for this event.
    process.once('exit', () =>
      process.stdout.write(
        `${formatSkipped(skipped)}${formatFlaky(flaky)}${formatSummary(passed, failed)}\n`,
      ),
    );
  }
}
