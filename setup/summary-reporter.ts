import type { Reporter, TestModule } from 'vitest/node';

/** Names of tests that failed first and passed when tried again: not a failure, but somebody has to look at them. */
export function formatFlaky(names: readonly string[]): string {
  return names.length === 0
    ? ''
    : `Passed at the second attempt only:\n${names.map((name) => `  ${name}\n`).join('')}`;
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
    const flaky: string[] = [];
    for (const module of modules) {
      const before = failed;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed += 1;
        if (state === 'failed') failed += 1;
        if (test.diagnostic()?.flaky) flaky.push(`${module.relativeModuleId} > ${test.fullName}`);
      }
      if (module.state() === 'failed' && failed === before) failed += 1;
    }
    if (passed + failed === 0 || failed > 0) process.exitCode = 1;
    // Behind whatever vitest still writes for this event.
    process.once('exit', () =>
      process.stdout.write(`${formatFlaky(flaky)}${formatSummary(passed, failed)}\n`),
    );
  }
}
