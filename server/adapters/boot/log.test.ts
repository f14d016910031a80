import { expect, test } from 'vitest';
import { createLog } from './log.ts';

function logged(fields: object): string {
  let text = '';
  const destination = {
    write: (line: string) => {
      text += line;
    },
  };
  createLog({ level: 'info', replicaId: 'test', destination }).child({ module: 'm' }).info(fields, 'message');
  return text;
}

test('secrets are left out, wherever they stand', () => {
  const line = logged({
    password: 'hunter2',
    body: { password: 'hunter2', username: 'olena' },
    req: { headers: { authorization: 'Bearer hunter2', cookie: 'varta.sid=hunter2' } },
  });
  expect(line).toContain('olena');
  expect(line).not.toContain('hunter2');
});

test('an error is told with its message, under either name', () => {
  expect(logged({ error: new Error('what went wrong') })).toContain('what went wrong');
  expect(logged({ err: new Error('what went wrong') })).toContain('what went wrong');
});
