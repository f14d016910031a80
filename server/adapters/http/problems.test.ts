import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { expect, test } from 'vitest';
import { type ErrorCode, VartaError } from '#contract/errors.ts';
import { answerWithProblem } from './problems.ts';

/** What a route that refuses is answered with; `saysFirst` is the time that the route itself names. */
async function refuse(code: ErrorCode, saysFirst?: string): Promise<Response> {
  const app = express();
  app.get('/', (_request, response) => {
    if (saysFirst !== undefined) response.set('Retry-After', saysFirst);
    throw new VartaError(code);
  });
  app.use(
    answerWithProblem(
      () => {},
      () => {},
    ),
  );
  await using server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, {
    headers: { connection: 'close' },
  });
}

test.each([
  ['no_sfu', 503],
  ['sfu_timeout', 504],
  ['store_unavailable', 503],
  ['shutting_down', 503],
] as const)('%s says after how many seconds to come again', async (code, status) => {
  const refused = await refuse(code);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([status, '2']);
});

test.each(['evidence_off', 'internal', 'feed_busy', 'unknown_feed'] as const)(
  '%s does not: that nobody knows, or it would be of no use',
  async (code) => {
    expect((await refuse(code)).headers.get('retry-after')).toBeNull();
  },
);

test('the time that a route names is kept', async () => {
  expect((await refuse('no_sfu', '30')).headers.get('retry-after')).toBe('30');
});
