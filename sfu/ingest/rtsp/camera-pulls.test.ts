import { Socket } from 'node:dgram';
import { afterEach, expect, it, vi } from 'vitest';
import type { MediaWorker } from '../../workers/media-worker.ts';
import { CameraPulls } from './camera-pulls.ts';

const QUIET = { debug: () => {}, info: () => {}, warn: () => {} };

/** A worker without a free port: who is refused for that has got past the opening of the outlet. */
const FULL_WORKER = {
  closed: false,
  portRange: { min: 40_000, max: 40_001 },
  router: { createPlainTransport: () => Promise.reject(new Error('no more ports')) },
} as unknown as MediaWorker;
const PAST_THE_OUTLET = expect.objectContaining({ code: 'limit_reached' });

afterEach(() => void vi.restoreAllMocks());

function startPulls() {
  const camera = { streams: { high: new URL('rtsp://camera.example/main') }, credentials: () => undefined };
  const pulls = new CameraPulls(new Map([['cell-1', camera]]), { now: Date.now, log: QUIET });
  const pull = () => pulls.open({ id: 'cell-1', layers: ['low', 'high'] }, FULL_WORKER);
  return { pulls, pull };
}

/** The next UDP socket that is bound finds the system without a file handle to spare. */
function failNextBind() {
  const failed: Socket[] = [];
  const bind = vi.spyOn(Socket.prototype, 'bind').mockImplementationOnce(function (this: Socket) {
    failed.push(this);
    const error = Object.assign(new Error('bind EMFILE 127.0.0.1'), { code: 'EMFILE' });
    setImmediate(() => this.emit('error', error));
    return this;
  });
  return { bind, failed };
}

it('opens its outlet with the next pull where that has failed, and leaves no socket of the failure', async () => {
  const { bind, failed } = failNextBind();
  const { pulls, pull } = startPulls();
  const refused = await Promise.allSettled([pull(), pull()]);
  expect(refused).toMatchObject([{ reason: { code: 'EMFILE' } }, { reason: { code: 'EMFILE' } }]);
  expect(failed).toHaveLength(1);
  expect(() => failed[0]?.close()).toThrow(expect.objectContaining({ code: 'ERR_SOCKET_DGRAM_NOT_RUNNING' }));

  await expect(pull()).rejects.toThrow(PAST_THE_OUTLET);
  await expect(pull()).rejects.toThrow(PAST_THE_OUTLET);
  expect(bind).toHaveBeenCalledTimes(2);
  await pulls[Symbol.asyncDispose]();
});

it('ends though its outlet cannot be opened', async () => {
  failNextBind();
  const { pulls, pull } = startPulls();
  const refused = expect(pull()).rejects.toThrow('EMFILE');
  await pulls[Symbol.asyncDispose]();
  await refused;
});
