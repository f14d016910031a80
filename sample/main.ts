import { pino, stdTimeFunctions } from 'pino';
import { parseSettings, SettingsError } from '../config/settings/parse.ts';
import { SampleSettings } from '../config/settings/sample.ts';
import { readSampleNation } from './nation-file.ts';
import { runSample } from './run.ts';

try {
  const settings = parseSettings(SampleSettings, process.env);
  if (process.argv.includes('--check')) await readSampleNation(settings.SAMPLE_NATION);
  else await run(settings);
} catch (error) {
  process.stderr.write(
    `${error instanceof SettingsError ? error.message : ((error as Error).stack ?? error)}\n`,
  );
  process.exitCode = 1;
}

async function run(settings: Readonly<SampleSettings>): Promise<void> {
  const log = pino({
    level: settings.LOG_LEVEL,
    base: { service: 'sample' },
    timestamp: stdTimeFunctions.isoTime,
  });
  const stopping = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stopping.abort());
  try {
    await runSample(settings, { log, signal: stopping.signal });
  } catch (error) {
    // Asked to stop while it waited for the server: nothing went wrong.
    if (!stopping.signal.aborted) throw error;
  }
}
