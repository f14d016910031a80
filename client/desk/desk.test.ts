import { expect, test } from 'vitest';
import { createTestDesk } from '../test/test-desk.tsx';

test('whoever sees no status knows places by their names, and asks for nothing live', async () => {
  const asked: string[] = [];
  const { desk } = createTestDesk({
    actions: ['registry.read'],
    get(path) {
      asked.push(path);
      return undefined;
    },
  });
  await expect.poll(() => desk.live.getState().registry?.regions.length).toBeGreaterThan(0);
  expect(asked).toHaveLength(1);
  expect(desk.live.getState().link.state).not.toBe('open');
  desk[Symbol.dispose]();
});

test('whoever may not even know of places asks for none', async () => {
  const asked: string[] = [];
  const { desk } = createTestDesk({
    actions: [],
    get(path) {
      asked.push(path);
      return undefined;
    },
  });
  await desk.api.call('/api/v1/anything', { reply: undefined });
  expect(asked).toEqual(['/api/v1/anything']);
  desk[Symbol.dispose]();
});
