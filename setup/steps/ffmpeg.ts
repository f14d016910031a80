import { capture } from '../command.ts';
import type { Step } from '../step.ts';

/** The encoder of the sample nation's cameras. */
export const ffmpegStep: Step = {
  title: 'ffmpeg',
  async inspect({ env }) {
    const file = env.FFMPEG_BIN || 'ffmpeg';
    const encoders = await capture(file, ['-hide_banner', '-encoders']);
    if (encoders.stdout.includes('libx264')) return { state: 'ready', env: { FFMPEG_BIN: file } };
    const what = encoders.code === 0 ? 'ffmpeg with libx264 (the one here lacks it)' : 'ffmpeg with libx264';
    return { state: 'missing', needs: [{ what, apt: ['ffmpeg'], brew: ['ffmpeg'] }] };
  },
};
