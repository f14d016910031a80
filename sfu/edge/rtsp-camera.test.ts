import { expect, test } from 'vitest';
import type { FeedFault } from '#contract/feeds.ts';
import type { Layer } from '#contract/nation.ts';
import type { Source } from '../ingest/source.ts';
import type { MediaWorker } from '../workers/media-worker.ts';
import { RtspCamera } from './rtsp-camera.ts';

/** A camera with two layers, of which sources say what the test says; `heard` has the faults each time they changed. */
async function openCamera() {
  const says = new Map<Layer, (fault: FeedFault, isThere: boolean) => void>();
  const camera = new RtspCamera({
    feedId: 'cell-1',
    layers: ['low', 'high'],
    pool: { leastLoaded: () => ({}) as MediaWorker },
    openPull: async ({ layers: [layer] }) => {
      const source: Pick<Source, 'want' | 'onFault' | 'close'> = {
        want: () => undefined,
        onFault: (listener) => void (layer && says.set(layer, listener)),
        close: () => undefined,
      };
      return source as Source;
    },
  });
  const heard: string[] = [];
  camera.onFaults(() => heard.push(camera.faults.join(' ')));
  const input = await camera.open();
  const say = (layer: Layer, fault: FeedFault, isThere: boolean) => says.get(layer)?.(fault, isThere);
  return { camera, input, heard, say };
}

test('what keeps it from playing and how it is set wrongly is told; what its picture shows is not', async () => {
  const { input, heard, say } = await openCamera();
  input.want(['low']);
  say('low', 'keyframe-interval', true);
  say('low', 'frozen', true);
  say('low', 'b-frames', true);
  say('low', 'auth', true);
  say('low', 'auth', false);
  say('low', 'b-frames', false);
  say('low', 'keyframe-interval', false);
  expect(heard).toEqual([
    'keyframe-interval',
    'b-frames keyframe-interval',
    'b-frames auth keyframe-interval',
    'b-frames keyframe-interval',
    'keyframe-interval',
    '',
  ]);
});

test('what is not pulled is not known to be wrong; pulled again, it is as before until it is seen to be otherwise', async () => {
  const { camera, input, heard, say } = await openCamera();
  input.want(['low', 'high']);
  say('high', 'keyframe-interval', true);
  input.want(['low']);
  expect(camera.faults).toEqual([]);
  input.want(['high']);
  expect(camera.faults).toEqual(['keyframe-interval']);
  say('high', 'keyframe-interval', false);
  expect(heard).toEqual(['keyframe-interval', '', 'keyframe-interval', '']);
});

test('what was wrong is forgotten when it is left', async () => {
  const { camera, input, say } = await openCamera();
  input.want(['low']);
  say('low', 'unreachable', true);
  input.close();
  const again = await camera.open();
  again.want(['low']);
  expect(camera.faults).toEqual([]);
});
