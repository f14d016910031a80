import { expect, test } from 'vitest';
import { NodeLoad } from './node-load.ts';

test('a node is as busy as its workers or its own thread, whichever is busier', () => {
  let time = { active: 500, idle: 0 };
  const pool = { load: 0.2 };
  const node = new NodeLoad(pool, () => time);
  expect(node.load).toBe(0.2);
  time = { active: 1_400, idle: 100 };
  expect(node.load).toBe(0.9);
  // Too soon to say anything new.
  time = { active: 1_400, idle: 1_000 };
  expect(node.load).toBe(0.9);
  time = { active: 1_500, idle: 1_900 };
  pool.load = 0.4;
  expect(node.load).toBe(0.4);
});
