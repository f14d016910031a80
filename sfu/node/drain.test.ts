import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { drainNode, LOOK_MS } from './drain.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const { signal } = new AbortController();

interface Asked {
  left?: () => Readonly<Record<string, number>>;
  hasOtherNode?: () => Promise<boolean>;
  withinMs?: number;
  signal?: AbortSignal;
}

/** A node that is drained; what it does and says, in order. */
function drain({ left = () => ({ viewers: 0 }), hasOtherNode = async () => true, ...limits }: Asked) {
  const told: string[] = [];
  const letOthersTake = async () => void told.push('others are let take');
  const log = {
    info: (fields: object, message: string) => told.push(`${JSON.stringify(fields)} ${message}`),
  };
  const ended = vi.fn();
  const drained = drainNode(
    { withinMs: 60_000, signal, ...limits },
    { hasOtherNode, letOthersTake, left, log },
  ).then(ended);
  return { drained, ended, told };
}

it('does not wait when nobody is there', async () => {
  const { drained, told } = drain({ left: () => ({ viewers: 0, relays: 0 }) });
  await drained;
  expect(told).toEqual(['others are let take', '{"viewers":0,"relays":0} drained']);
});

it.each([
  ['there is no other node', async () => false],
  ['nobody knows whether there is another', () => Promise.reject(new Error('no Redis'))],
])('keeps what it has where %s', async (_, hasOtherNode) => {
  const { drained, told } = drain({ hasOtherNode, left: () => ({ viewers: 3 }) });
  await drained;
  expect(told).toEqual(['{"viewers":3} there is no other node to go to']);
});

it('waits for the last one, whatever they are', async () => {
  const left = { viewers: 1, relays: 1 };
  const { drained, ended } = drain({ left: () => left });
  left.viewers = 0;
  await vi.advanceTimersByTimeAsync(LOOK_MS);
  expect(ended).not.toHaveBeenCalled();
  left.relays = 0;
  await vi.advanceTimersByTimeAsync(LOOK_MS);
  expect(ended).toHaveBeenCalledOnce();
  await drained;
});

it('ends at the deadline, and not before', async () => {
  const { drained, ended } = drain({ left: () => ({ viewers: 1 }), withinMs: 1_000 });
  await vi.advanceTimersByTimeAsync(999);
  expect(ended).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(ended).toHaveBeenCalledOnce();
  await drained;
});

it('ends at once when it is told to', async () => {
  const told = new AbortController();
  const { drained } = drain({ left: () => ({ viewers: 1 }), signal: told.signal });
  told.abort();
  await drained;
});
