import { findWorker } from '../../sfu/worker-build/find-worker.ts';
import type { Machine } from '../../sfu/worker-build/machine.ts';
import { capture, runLong } from '../command.ts';
import { acquireLock } from '../early/file-lock.mjs';
import type { Step } from '../step.ts';

async function withLock<T>(path: string, say: (text: string) => void, action: () => Promise<T>): Promise<T> {
  const lock = await acquireLock(path, { onWait: (pid) => say(`process ${pid} is building it, waiting`) });
  try {
    return await action();
  } finally {
    if (lock.state === 'acquired') await lock.release();
  }
}

/** The program that forwards video; released for some machines, built here for the others. */
export const workerStep: Step = {
  title: 'media worker',
  async inspect({ root, env, signal }) {
    let say = (_text: string) => {};
    const machine: Machine = {
      env,
      capture,
      run: (command, args, onLine) => runLong(command, args, { onLine, env, signal }),
      withLock: (path, action) => withLock(path, say, action),
      say: (text) => say(text),
    };
    const finding = await findWorker(machine, root);
    switch (finding.state) {
      case 'ready':
        return { state: 'ready', env: { MEDIASOUP_WORKER_BIN: finding.file } };
      case 'unbuildable':
        return { state: 'missing', needs: finding.needs };
      case 'buildable':
        return {
          state: 'to-do',
          run: async (note) => {
            say = note;
            note(`${finding.why}; building it`);
            const file = await finding.build();
            return { summary: `built (${finding.why})`, env: { MEDIASOUP_WORKER_BIN: file } };
          },
        };
    }
  },
};
