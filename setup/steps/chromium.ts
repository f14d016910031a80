import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Step } from '../step.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const macPaths = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** The browser of the tests. Looked for, not started: that would cost every run most of a second. */
export const chromiumStep: Step = {
  title: 'Chromium',
  async inspect({ env }) {
    const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
    const candidates = env.CHROMIUM_BIN
      ? [env.CHROMIUM_BIN]
      : [...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...macPaths];
    for (const candidate of candidates) {
      if (await isExecutable(candidate)) return { state: 'ready', env: { CHROMIUM_BIN: candidate } };
    }
    if (env.CHROMIUM_BIN)
      throw new Error(`CHROMIUM_BIN is ${env.CHROMIUM_BIN}, which can't be run. Mend or unset it.`);
    const what = 'Chromium or Chrome (for the browser tests; CHROMIUM_BIN can name one)';
    return { state: 'missing', needs: [{ what, apt: ['chromium'], brew: ['--cask chromium'] }] };
  },
};
