import { afterEach, expect, test } from 'vitest';
import type { Feed } from '#contract/nation.ts';
import { createTicker } from '../clock/ticker.ts';
import type { ClaimRequest, FeedMedia } from './claims.ts';
import type { Still } from './posters.ts';
import { createTileMedia, type TileInput } from './tile-media.ts';
import { createVideoPool } from './video-pool.ts';

const FEED: Feed = { id: 'cell-4-cam-1', source: 'edge', layers: ['low', 'high'] };

const CALM: TileInput = {
  feedState: { state: 'live', sinceMs: 0, faults: [] },
  confidentialSinceMs: undefined,
  closedByPrivacy: false,
  maybeOccupied: false,
  priority: 5_000,
  layer: 'low',
  shown: true,
};

const PIXEL = 'data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==';

const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const end of cleanUp.splice(0)) end();
});

/** A camera that paints while it is told to. */
function createCamera() {
  const canvas = document.createElement('canvas');
  canvas.width = 64;
  canvas.height = 36;
  const context = canvas.getContext('2d');
  const [track] = canvas.captureStream(30).getVideoTracks();
  if (!context || !track) throw new Error('a canvas gives a track');
  let timer: number | undefined;
  let count = 0;
  const stop = () => clearInterval(timer);
  const start = () => {
    stop();
    timer = window.setInterval(() => {
      count += 1;
      context.fillStyle = `rgb(${count % 256} 0 0)`;
      context.fillRect(0, 0, 64, 36);
    }, 40);
  };
  cleanUp.push(stop);
  return { track, start, stop };
}

interface Surroundings {
  poster?: Still;
}

function attachTile(input: TileInput = CALM, { poster }: Surroundings = {}) {
  const painted: (MediaStreamTrack | undefined)[] = [];
  const stills = { asked: 0, given: poster, forgotten: 0, isAborted: false };
  const requests: ClaimRequest[] = [];
  const seen: string[] = [];
  let give: (media: FeedMedia) => void = () => {};
  const ticker = createTicker({
    monotonicMs: () => performance.now(),
    setInterval: (run, periodMs) => window.setInterval(run, periodMs),
    clearInterval: (handle) => window.clearInterval(handle),
  });
  const host = document.createElement('div');
  document.body.append(host);
  const media = createTileMedia(FEED, input, {
    engine: {
      claim(request, onMedia) {
        requests.push({ ...request });
        give = onMedia;
        return {
          update: (change) => void requests.push({ ...request, ...change }),
          nudge: () => {},
          paints: (track) => void painted.push(track),
          release: () => void requests.push({ ...request, show: false }),
        };
      },
    },
    pool: createVideoPool(),
    posters: {
      known: () => undefined,
      ask(_, { signal }) {
        stills.asked += 1;
        signal.addEventListener('abort', () => {
          stills.isAborted = true;
        });
        return stills.given ? Promise.resolve(stills.given) : new Promise(() => {});
      },
      forget: () => {
        stills.forgotten += 1;
      },
    },
    ticker,
    sightings: { see: (feedId, layer) => void seen.push(`${feedId} ${layer}`) },
    serverClock: { nowMs: () => Date.now() },
    monotonicMs: () => performance.now(),
  });
  const detach = media.attach(host);
  cleanUp.push(
    detach,
    () => ticker[Symbol.dispose](),
    () => host.remove(),
  );
  return { media, host, requests, detach, painted, stills, seen, give: (one: FeedMedia) => give(one) };
}

test('a picture is live while frames come; one that stops is called so, then frozen with its time; and it comes back', async () => {
  const camera = createCamera();
  const { media, give, seen } = attachTile();
  expect(media.state().state).toBe('connecting');
  expect(seen).toEqual([]);
  camera.start();
  give({ state: 'held', track: camera.track, flowing: true });
  await expect.poll(() => media.state().state).toBe('live');
  await expect.poll(() => seen.at(-1)).toBe(`${FEED.id} low`);

  camera.stop();
  const stoppedAtMs = Date.now();
  await expect
    .poll(() => media.state(), { timeout: 2_500 })
    .toMatchObject({ state: 'stalled', frozen: false });
  expect(Date.now() - stoppedAtMs).toBeGreaterThan(900);
  // Whoever looks at a picture that stands sees nothing of what happens.
  const seenBefore = seen.length;
  await expect
    .poll(() => media.state(), { timeout: 4_000 })
    .toMatchObject({ state: 'stalled', frozen: true });
  expect(seen).toHaveLength(seenBefore);
  const state = media.state();
  expect(state.state === 'stalled' && Math.abs(state.atMs - stoppedAtMs)).toBeLessThan(600);

  camera.start();
  await expect.poll(() => media.state().state).toBe('live');
});

test('a tile that is hidden asks to let nothing flow; seen again it shows its last frame with its age until the next one', async () => {
  const camera = createCamera();
  const { media, host, requests, give } = attachTile();
  camera.start();
  give({ state: 'held', track: camera.track, flowing: true });
  await expect.poll(() => media.state().state).toBe('live');
  media.update({ ...CALM, shown: false });
  expect(media.state()).toEqual({ state: 'idle', reason: 'hidden' });
  expect(requests.at(-1)?.show).toBe(false);
  camera.stop();
  const hiddenAtMs = Date.now();
  media.update(CALM);
  const state = media.state();
  const stillAtMs = state.state === 'connecting' ? (state.stillAtMs ?? 0) : 0;
  expect(Math.abs(hiddenAtMs - stillAtMs)).toBeLessThan(600);
  expect(host.dataset.still).toBe('frame');
  camera.start();
  await expect.poll(() => media.state().state).toBe('live');
  expect(host.dataset.still).toBeUndefined();
});

test('of an area that was closed while its tile was hidden no frame is left to be shown', async () => {
  const camera = createCamera();
  const { media, host, give } = attachTile();
  camera.start();
  give({ state: 'held', track: camera.track, flowing: true });
  await expect.poll(() => media.state().state).toBe('live');
  camera.stop();
  media.update({ ...CALM, shown: false });
  media.update({ ...CALM, shown: false, confidentialSinceMs: 1 });
  expect(host.querySelector('video')?.srcObject).toBeNull();
  media.update(CALM);
  expect(media.state()).toMatchObject({ state: 'connecting', stillAtMs: undefined });
  expect(host.dataset.still).toBeUndefined();
});

test('what becomes confidential loses its picture, and gets it back afterwards', async () => {
  const camera = createCamera();
  const { media, host, requests, give } = attachTile();
  const source = () => host.querySelector('video')?.srcObject;
  camera.start();
  give({ state: 'held', track: camera.track, flowing: true });
  await expect.poll(() => media.state().state).toBe('live');
  media.update({ ...CALM, confidentialSinceMs: 1 });
  expect(media.state()).toEqual({ state: 'confidential', atMs: 1 });
  expect(source()).toBeNull();
  expect(requests.at(-1)?.show).toBe(false);
  media.update(CALM);
  expect(source()).not.toBeNull();
  await expect.poll(() => media.state().state).toBe('live');
});

test('its element goes back into the pool empty', async () => {
  const camera = createCamera();
  const { host, detach, give } = attachTile();
  give({ state: 'held', track: camera.track, flowing: true });
  const video = host.querySelector('video');
  expect(video?.srcObject).not.toBeNull();
  detach();
  expect(host.querySelector('video')).toBeNull();
  expect(video?.srcObject).toBeNull();
});

test('a picture that moves goes on until the track that takes its place has a frame', async () => {
  const [before, after] = [createCamera(), createCamera()];
  const { media, host, give, painted } = attachTile();
  before.start();
  give({ state: 'held', track: before.track, flowing: true });
  await expect.poll(() => media.state().state).toBe('live');
  const [first] = host.querySelectorAll('video');
  const states: string[] = [];
  media.subscribe(() => states.push(media.state().state));

  give({ state: 'held', track: after.track, flowing: false });
  await new Promise((resolve) => first?.requestVideoFrameCallback(resolve));
  expect(host.querySelectorAll('video')).toHaveLength(1);
  give({ state: 'held', track: after.track, flowing: true });
  await expect.poll(() => host.querySelectorAll('video').length).toBe(2);
  await new Promise((resolve) => first?.requestVideoFrameCallback(resolve));
  expect(host.querySelector('video')).toBe(first);
  expect(painted).toEqual([before.track]);

  after.start();
  await expect.poll(() => painted.at(-1)).toBe(after.track);
  before.stop();
  expect(host.querySelectorAll('video')).toHaveLength(1);
  expect(host.querySelector('video')).not.toBe(first);
  expect(first?.srcObject).toBeNull();
  await new Promise((resolve) => host.querySelector('video')?.requestVideoFrameCallback(resolve));
  expect(media.state().state).toBe('live');
  expect(states).toEqual([]);
});

test('a poster stands, with its age, until the first frame', async () => {
  const camera = createCamera();
  const atMs = Date.now() - 180_000;
  const { media, host, give, stills } = attachTile(CALM, { poster: { url: PIXEL, atMs } });
  await expect.poll(() => host.querySelector('img')?.src).toBe(PIXEL);
  expect(media.state()).toMatchObject({ state: 'connecting', stillAtMs: atMs });
  expect(host.dataset.still).toBe('poster');
  camera.start();
  give({ state: 'held', track: camera.track, flowing: true });
  await expect.poll(() => media.state().state).toBe('live');
  expect(host.querySelector('img')).toBeNull();
  expect(host.dataset.still).toBeUndefined();
  expect(stills.asked).toBe(1);
});

test('a poster is not waited for when the picture moves, nor asked for when the area is closed', async () => {
  const camera = createCamera();
  const { media, give, stills } = attachTile();
  expect(stills.asked).toBe(1);
  camera.start();
  give({ state: 'held', track: camera.track, flowing: true });
  await expect.poll(() => media.state().state).toBe('live');
  expect(stills.isAborted).toBe(true);
  media.update({ ...CALM, closedByPrivacy: true });
  expect(stills).toMatchObject({ asked: 1, forgotten: 1 });
  expect(attachTile({ ...CALM, confidentialSinceMs: 1 }).stills.asked).toBe(0);
});

test('without room on the network the last frame is a still with its age; a newer poster takes its place', async () => {
  const camera = createCamera();
  const { media, host, give, stills } = attachTile();
  camera.start();
  give({ state: 'held', track: camera.track, flowing: true });
  await expect.poll(() => media.state().state).toBe('live');
  give({ state: 'held', track: camera.track, flowing: false, thin: true });
  expect(media.state()).toMatchObject({ state: 'stalled', thin: true, frozen: false });
  camera.stop();
  expect(host.dataset.still).toBe('frame');
  expect(host.querySelector('img')).toBeNull();

  media.update({ ...CALM, shown: false });
  stills.given = { url: PIXEL, atMs: Date.now() + 60_000 };
  media.update(CALM);
  await expect.poll(() => host.dataset.still).toBe('poster');
  expect(media.state()).toMatchObject({ state: 'stalled', thin: true });

  give({ state: 'held', track: camera.track, flowing: true });
  expect(media.state().state).toBe('connecting');
  camera.start();
  await expect.poll(() => media.state().state).toBe('live');
  expect(host.dataset.still).toBeUndefined();
});

test('the pool hands out what came back, and no more than it has', () => {
  const pool = createVideoPool(undefined, 2);
  const [first, second] = [pool.acquire(), pool.acquire()];
  expect(pool.acquire()).toBeUndefined();
  if (!first || !second) throw new Error('the pool has two');
  expect(first).toMatchObject({
    muted: true,
    playsInline: true,
    autoplay: true,
    disablePictureInPicture: true,
  });
  pool.release(first);
  expect(pool.acquire()).toBe(first);
});
