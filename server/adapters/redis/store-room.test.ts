import { expect, test } from 'vitest';
import { parseRoom } from './store-room.ts';

const info = (used: number, most: number) =>
  `# Memory\r\nused_memory:${used}\r\nused_memory_human:x\r\ntotal_system_memory:1000\r\nmaxmemory:${most}\r\nmaxmemory_policy:noeviction\r\n`;

test('seventy of a hundred is trouble, and a byte less is not', () => {
  expect(parseRoom(info(70, 100))).toEqual({ usedBytes: 70, limitBytes: 100, share: 0.7, isTrouble: true });
  expect(parseRoom(info(69, 100))?.isTrouble).toBe(false);
});

test('without a limit the machine is the limit', () => {
  expect(parseRoom(info(700, 0))).toMatchObject({ limitBytes: 1000, isTrouble: true });
  expect(parseRoom('# Memory\r\n')).toBeUndefined();
});
