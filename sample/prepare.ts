import { pino } from 'pino';
import { parseSettings } from '../config/settings/parse.ts';
import { SampleSettings } from '../config/settings/sample.ts';
import { scenesByFacility } from './cameras/camera-systems.ts';
import { prepareVideo } from './cameras/video/prepare-video.ts';
import { readSampleNation } from './nation-file.ts';

/** What set-up runs: encodes the video of all sample cameras into SAMPLE_VIDEO_DIR, and says how far it is. */
const {
  SAMPLE_VIDEO_DIR: dir,
  SAMPLE_NATION,
  FFMPEG_BIN: ffmpegBin,
} = parseSettings(SampleSettings, process.env);
if (dir === undefined) throw new Error('SAMPLE_VIDEO_DIR is not set');
const scenes = [...scenesByFacility(await readSampleNation(SAMPLE_NATION)).values()].flatMap((ofFacility) => [
  ...ofFacility.values(),
]);
await prepareVideo({
  scenes,
  dir,
  ffmpegBin,
  log: pino({ level: 'warn' }, process.stderr),
  onDone: (done) => {
    if (done % 50 === 0) process.stdout.write(`${done} of ${scenes.length} cameras\n`);
  },
});
