import { capture } from '../command.ts';
import type { Step } from '../step.ts';

/** The media server of others that the benchmark compares with. */
export const janusStep: Step = {
  title: 'Janus',
  async inspect({ env }) {
    const file = env.JANUS_BIN || 'janus';
    // It says what it is, and then that it knows no such option.
    const { stdout } = await capture(file, ['--version']);
    if (stdout.includes('Janus version')) return { state: 'ready', env: { JANUS_BIN: file } };
    return {
      state: 'missing',
      needs: [
        { what: 'Janus (for the benchmark; JANUS_BIN can name it)', apt: ['janus'], brew: ['janus-gateway'] },
      ],
    };
  },
};
