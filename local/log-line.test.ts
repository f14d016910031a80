import { expect, test } from 'vitest';
import { formatLogLine } from './log-line.ts';

test.each([
  ['plain text', 'hello', 'hello'],
  ['a record', '{"level":30,"time":1,"pid":2,"hostname":"h","msg":"ready","port":8080}', 'ready port=8080'],
  ['a warning', '{"level":40,"msg":"slow","ms":1200}', 'warning: slow ms=1200'],
  [
    'an error with its cause',
    '{"level":50,"msg":"lost","err":{"message":"gone","stack":"…"}}',
    'error: lost err=gone',
  ],
  ['JSON that is no record', '{"a":1}', '{"a":1}'],
  ['half a record', '{"msg":', '{"msg":'],
])('shows %s', (_what, line, shown) => {
  expect(formatLogLine('sfu', line)).toBe(`sfu    │ ${shown}`);
});
