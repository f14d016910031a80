import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import type { MediaWorker } from '../workers/media-worker.ts';
import { PeerPipes } from './peer-pipes.ts';

const PEER = '10.1.0.2';
const END = { ip: PEER, port: 40_000, srtpParameters: undefined as never };

/** Workers whose pipes are opened when the test says so, and a peer whose ends are at one address. */
function setUp() {
  const state = { opened: 0, connected: [] as string[], closed: [] as string[], gate: Promise.resolve() };
  const transport = (id: string) => {
    const observer = new EventEmitter();
    const self = {
      id,
      observer,
      closed: false,
      connect: async () => void state.connected.push(id),
      close: () => {
        if (self.closed) return;
        self.closed = true;
        observer.emit('close');
      },
    };
    return self;
  };
  // Of a worker, pipes use its id and what makes their transports.
  const worker = (pid: number) =>
    ({
      pid,
      portRange: { min: 40_000, max: 40_099 },
      router: {
        createPipeTransport: async () => {
          state.opened += 1;
          const opened = transport(`pipe-${state.opened}`);
          await state.gate;
          return opened;
        },
      },
    }) as unknown as MediaWorker;
  const pipes = new PeerPipes({
    listen: { ip: '10.1.0.1' },
    address: PEER,
    onClosed: (pipeId) => state.closed.push(pipeId),
  });
  return { pipes, worker, state };
}

const code = (name: string) => expect.objectContaining({ code: name });

test('relays that ask at once for the same lane get the same pipe', async () => {
  const { pipes, worker, state } = setUp();
  const here = worker(1);
  const [first, second, other] = await Promise.all([
    pipes.take(here, 'lane-1'),
    pipes.take(here, 'lane-1'),
    pipes.take(here, 'lane-2'),
  ]);
  expect(second).toBe(first);
  expect(other).not.toBe(first);
  expect([first.relays, other.relays, state.opened, pipes.size]).toEqual([2, 1, 2, 2]);
});

test('a pipe ends with its last relay, and the next one gets another', async () => {
  const { pipes, worker, state } = setUp();
  const here = worker(1);
  const pipe = await pipes.take(here, 'lane-1');
  await pipes.take(here, 'lane-1');
  pipes.leave(pipe);
  expect([pipe.transport.closed, pipes.size]).toEqual([false, 1]);
  pipes.leave(pipe);
  expect([pipe.transport.closed, pipes.size, state.closed]).toEqual([true, 0, ['pipe-1']]);
  expect((await pipes.take(here, 'lane-1')).transport.id).toBe('pipe-2');
});

test('one that its worker took with it is not given again', async () => {
  const { pipes, worker, state } = setUp();
  (await pipes.take(worker(1), 'lane-1')).transport.close();
  expect([pipes.size, state.closed]).toEqual([0, ['pipe-1']]);
});

test('media go to the registered address only, and a pipe is completed once', async () => {
  const { pipes, worker, state } = setUp();
  await pipes.take(worker(1), 'lane-1');
  await expect(pipes.connect('pipe-1', { ...END, ip: '10.9.9.9' })).rejects.toThrow(code('forbidden'));
  await expect(pipes.connect('pipe-9', END)).rejects.toThrow(code('unknown_resource'));
  await pipes.connect('pipe-1', END);
  await expect(pipes.connect('pipe-1', END)).rejects.toThrow(code('invalid'));
  expect(state.connected).toEqual(['pipe-1']);
});

test('one that is still being opened when the peer goes is closed', async () => {
  const { pipes, worker, state } = setUp();
  const { promise, resolve } = Promise.withResolvers<void>();
  state.gate = promise;
  const taking = pipes.take(worker(1), 'lane-1');
  pipes.close();
  resolve();
  await expect(taking).rejects.toThrow(code('unknown_resource'));
  expect(pipes.size).toBe(0);
});
