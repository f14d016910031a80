import type { Producer } from 'mediasoup/types';
import { expect, test, vi } from 'vitest';
import { JumpMender } from './jump-mender.ts';

const stats = (...discarded: number[]) => discarded.map((packetsDiscarded) => ({ packetsDiscarded }));

function fakeProducer() {
  const done: string[] = [];
  const act = (what: string) => vi.fn(async () => void done.push(what));
  return { done, producer: { pause: act('pause'), resume: act('resume') } as unknown as Producer };
}

test('what a producer is sent to begins anew once for each jump, whichever layer jumped', async () => {
  const mender = new JumpMender();
  const { done, producer } = fakeProducer();
  const other = fakeProducer();
  for (const discarded of [
    [0, 0],
    [0, 0],
    [0, 1],
    [0, 1],
    [2, 1],
  ] as const) {
    mender.look(producer, stats(...discarded));
    mender.look(other.producer, stats(0));
    await vi.waitFor(() => expect(done.at(-1)).not.toBe('pause'));
  }
  expect(done).toEqual(['pause', 'resume', 'pause', 'resume']);
  expect(other.done).toEqual([]);
});

test('a producer that is closed meanwhile is nobody’s fault', async () => {
  const { done, producer } = fakeProducer();
  vi.mocked(producer.pause).mockRejectedValue(new Error('Producer closed'));
  new JumpMender().look(producer, stats(1));
  await new Promise((resolve) => setImmediate(resolve));
  expect(done).toEqual([]);
});
