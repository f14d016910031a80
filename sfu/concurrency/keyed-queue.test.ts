import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { KeyedQueue } from './keyed-queue.ts';

describe('KeyedQueue', () => {
  it('runs tasks of one key in turn, of different keys side by side', async () => {
    const queue = new KeyedQueue();
    const log: string[] = [];
    const gate = Promise.withResolvers<void>();
    const tasks = [
      queue.run('a', async () => {
        log.push('a1 begins');
        await gate.promise;
        log.push('a1 ends');
      }),
      queue.run('a', async () => log.push('a2')),
      queue.run('b', async () => log.push('b')),
    ];
    await turn();
    expect(log).toEqual(['a1 begins', 'b']);
    gate.resolve();
    await Promise.all(tasks);
    expect(log).toEqual(['a1 begins', 'b', 'a1 ends', 'a2']);
  });

  it('goes on after a task that fails', async () => {
    const queue = new KeyedQueue();
    const failed = queue.run('a', () => Promise.reject(new Error('no')));
    const next = queue.run('a', async () => 'yes');
    await expect(failed).rejects.toThrow('no');
    await expect(next).resolves.toBe('yes');
  });

  it.each([
    ['unless more is said', 64, {}],
    ['that is said', 300, { maxWaiting: 300 }],
  ])('refuses to queue beyond a bound %s, and recovers', async (_, bound, options) => {
    const queue = new KeyedQueue(options);
    const gate = Promise.withResolvers<void>();
    const waiting = Array.from({ length: bound }, () => queue.run('a', () => gate.promise));
    await expect(queue.run('a', async () => undefined)).rejects.toThrow(
      expect.objectContaining({ code: 'limit_reached' }),
    );
    gate.resolve();
    await Promise.all(waiting);
    await expect(queue.run('a', async () => 'again')).resolves.toBe('again');
  });
});
