import { expect, test } from 'vitest';
import { z } from 'zod';
import { toInvalid, toVartaError, type VartaError } from './errors.ts';

const Schema = z.strictObject({ list: z.array(z.strictObject({ count: z.number() })) });

function refuse(input: unknown): VartaError {
  const parsed = Schema.safeParse(input);
  if (parsed.success) throw new Error('was meant to be wrong');
  return toInvalid(parsed.error);
}

test('names the path of a wrong type', () => {
  const { code, issues, message } = refuse({ list: [{ count: 1 }, { count: 'two' }] });
  expect(code).toBe('invalid');
  expect(issues?.[0]?.path).toEqual(['list', 1, 'count']);
  expect(message).toMatch(/^list\.1\.count: /);
});

test('names each unknown field by its path', () => {
  const { issues } = refuse({ list: [{ count: 1, colour: 'red' }], more: 1 });
  expect(issues).toEqual([
    { path: ['list', 0, 'colour'], message: 'unknown field' },
    { path: ['more'], message: 'unknown field' },
  ]);
});

test('says no more than fifty', () => {
  const flood = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`x${index}`, 0]));
  expect(refuse({ list: [], ...flood }).issues).toHaveLength(50);
});

test('what was not foreseen is internal, and tells nothing', () => {
  const problem = toVartaError(new Error('secret detail')).toProblem();
  expect(problem).toMatchObject({ code: 'internal', status: 500 });
  expect(JSON.stringify(problem)).not.toContain('secret');
});
