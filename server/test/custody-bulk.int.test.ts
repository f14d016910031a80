import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CustodyBulkLine, MAX_BULK_EVENTS } from '#contract/custody-events.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';
import { startTestServer, type TestServer } from './fixtures/server.ts';

const PATH = '/api/v1/custody/events';

let redis: TestRedis;
let server: TestServer;
beforeAll(async () => {
  redis = await startTestRedis();
  server = await startTestServer({ redisUrl: redis.url });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

function check(change: object = {}) {
  const at = new Date().toISOString();
  return JSON.stringify({
    id: randomUUID(),
    type: 'CELL_CHECK',
    occurredAt: at,
    recordedAt: at,
    recordedBy: 'inspector-1',
    areaId: 'ua-68-itt-1-cell-1',
    ...change,
  });
}

async function post(body: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${server.origin}${PATH}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-ndjson',
      authorization: `Bearer ${await server.facilityKey('ua-68-itt-1')}`,
      ...headers,
    },
    body,
  });
  const text = await response.text();
  return { response, text };
}

function linesIn(text: string) {
  return text
    .trim()
    .split('\n')
    .map((line) => CustodyBulkLine.parse(JSON.parse(line)));
}

test('each line is answered by a line, in order, and the last says that all was read', async () => {
  const twice = check();
  const body = [
    twice,
    '{"id":',
    '',
    check({ areaId: 'ua-05-itt-1-cell-1' }),
    `{"note":"${'x'.repeat(70_000)}"}`,
    twice,
    check(),
  ].join('\n');
  const { response, text } = await post(body);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('application/x-ndjson');
  expect(linesIn(text)).toMatchObject([
    { status: 'accepted' },
    { id: null, status: 'rejected', code: 'malformed' },
    { status: 'rejected', code: 'wrong_facility', path: ['areaId'] },
    { id: null, status: 'rejected', code: 'too_large' },
    { status: 'duplicate' },
    { status: 'accepted' },
    { done: true, events: 6 },
  ]);
});

test('thousands of lines are taken; too many end the reply with a problem', async () => {
  const some = await post(Array.from({ length: 3_000 }, () => check()).join('\n'));
  const answers = linesIn(some.text);
  expect(answers.at(-1)).toEqual({ done: true, events: 3_000 });
  expect(answers.filter((one) => 'status' in one && one.status === 'accepted')).toHaveLength(3_000);
  const many = await post(`${'{}\n'.repeat(MAX_BULK_EVENTS + 1)}`);
  expect(linesIn(many.text).at(-1)).toMatchObject({
    done: false,
    events: MAX_BULK_EVENTS,
    problem: { code: 'too_large' },
  });
});

test('without a key nothing is read, and encodings are refused', async () => {
  const { response, text } = await post(check(), { authorization: '' });
  expect(response.status).toBe(401);
  expect(JSON.parse(text)).toMatchObject({ code: 'unauthenticated' });
  expect((await post(check(), { 'content-encoding': 'gzip' })).response.status).toBe(415);
});

test('the schema of events is open to everybody', async () => {
  const response = await fetch(`${server.origin}${PATH}/schema.json`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('application/schema+json');
  expect(await response.json()).toMatchObject({ $id: 'urn:varta:custody-event:1' });
});
