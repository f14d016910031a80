import { readFileSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { SummaryReporter } from './setup/summary-reporter.ts';

/** Where set-up found the worker, Redis, ffmpeg and Chromium; a variable that is set wins. Empty before the first set-up. */
function readFoundEnvironment(): Record<string, string> {
  try {
    return JSON.parse(readFileSync(new URL('node_modules/.varta/found.json', import.meta.url), 'utf8'));
  } catch {
    return {};
  }
}

const found = { ...readFoundEnvironment(), ...process.env };
const env = Object.fromEntries(
  [
    'MEDIASOUP_WORKER_BIN',
    'REDIS_SERVER_BIN',
    'FFMPEG_BIN',
    'SAMPLE_VIDEO_DIR',
    'CHROMIUM_BIN',
    'GST_PYTHON_BIN',
    'TURNSERVER_BIN',
  ].flatMap((name) => {
    const value = found[name];
    return value ? [[name, value]] : [];
  }),
);

const everywhere = ['**/node_modules/**', '**/dist/**', '.data*/**'];

/** Real processes on two cores: time enough for a machine that is busy with something else. */
const patient = { testTimeout: 60_000, hookTimeout: 60_000 };
/** Property tests try thousands of cases: the limit is there for one that hangs, not for a slow machine. */
const PATIENT_MS = 30_000;
/**
 * Where real browsers and real media share a machine with strangers, a test may fail once for reasons that are not ours.
 * It is tried again then, and named behind the run's summary so that it is looked at.
 */
const retry = 1;

/** Files that want the machine for themselves: they hold pictures, or people who do not answer, to a rate or a time. */
const ALONE = ['alerts', 'mesh', 'network', 'page-turns', 'recovery', 'room', 'wall', 'without-udp'].map(
  (name) => `client/e2e/${name}.e2e.test.ts`,
);

export default defineConfig({
  test: {
    reporters: ['default', new SummaryReporter()],
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          environment: 'node',
          include: ['**/*.test.ts'],
          exclude: [...everywhere, '**/*.int.test.ts', 'client/**'],
          sequence: { groupOrder: 0 },
          testTimeout: PATIENT_MS,
        },
      },
      {
        plugins: [react()],
        test: {
          name: 'client',
          include: ['client/**/*.test.{ts,tsx}'],
          exclude: [...everywhere, 'client/e2e/**'],
          sequence: { groupOrder: 1 },
          retry,
          testTimeout: PATIENT_MS,
          // What changes once a second is not seen within one on a busy machine.
          expect: { poll: { timeout: 10_000 } },
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                executablePath: env.CHROMIUM_BIN ?? '/usr/bin/chromium',
                args: [
                  '--no-sandbox',
                  '--disable-gpu',
                  '--disable-quic',
                  '--no-first-run',
                  '--disable-background-networking',
                  '--disable-component-update',
                  '--disable-sync',
                  '--allow-loopback-in-peer-connection',
                  '--autoplay-policy=no-user-gesture-required',
                ],
              },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      {
        test: {
          name: 'integration',
          environment: 'node',
          include: ['**/test/*.int.test.ts'],
          exclude: everywhere,
          sequence: { groupOrder: 2 },
          env,
          retry,
          // Two files at once: most of what they do is wait, and each has a Redis, ports and folders of its own.
          ...patient,
        },
      },
      {
        test: {
          name: 'pages',
          environment: 'node',
          include: ['client/e2e/*.e2e.test.ts'],
          exclude: [...everywhere, ...ALONE],
          sequence: { groupOrder: 3 },
          env,
          retry,
          // Two at once, as above: each has the whole of Varta for itself, and waits for it most of the time.
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'browser',
          environment: 'node',
          include: ALONE,
          exclude: everywhere,
          sequence: { groupOrder: 4 },
          env,
          retry,
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
