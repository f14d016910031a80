import { platform } from 'node:os';
import { capture } from '../command.ts';
import type { Step } from '../step.ts';

/** A font with Ukrainian letters, so that screenshots are not boxes. macOS brings its own. */
export const fontsStep: Step = {
  title: 'fonts',
  async inspect() {
    if (platform() === 'darwin') return { state: 'ready' };
    const list = await capture('fc-list', [':lang=uk', 'family']);
    if (list.code === 0 && list.stdout.trim() !== '') return { state: 'ready' };
    const what = 'a font with Ukrainian letters (for the browser tests)';
    return {
      state: 'missing',
      needs: [{ what, apt: ['fontconfig', 'fonts-dejavu-core'], brew: ['--cask font-dejavu'] }],
    };
  },
};
