import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { AuditEntry } from '#contract/audit.ts';
import { Problem } from '#contract/errors.ts';
import { ViewingPage } from '#contract/viewings.ts';
import { createAuditModule } from '../audit/module.ts';
import { QUIET_LOG } from './fixtures/quiet-log.ts';
import { startTestRedis, type TestRedis } from './fixtures/redis.ts';
import { type Caller, startTestServer, type TestServer } from './fixtures/server.ts';

const DAY = Date.parse('2026-11-20T00:00:00.000Z');
const at = (minute: number) => new Date(DAY + minute * 60_000).toISOString();
const HERE = 'ua-68-itt-1';
const THERE = 'ua-05-itt-1';

let redis: TestRedis;
let server: TestServer;
let oversight: Caller;
beforeAll(async () => {
  redis = await startTestRedis();
  server = await startTestServer({ redisUrl: redis.url });
  oversight = await server.signIn('oversight');
  const audit = createAuditModule({ redis: await redis.connect(), now: Date.now, log: QUIET_LOG });
  const note = (person: string, facility: string, [cell, interval]: [number, string]) =>
    audit.append(`UA-${facility.slice(3, 5)}`, {
      actor: { kind: 'person', id: person },
      action: interval.includes('/') ? 'viewing.end' : 'viewing.begin',
      resource: 'region',
      outcome: 'done',
      details: { viewerId: `tab-of-${person}`, [`${facility}-cell-${cell}-cam-1`]: interval },
    });
  await note('anna', HERE, [1, at(10)]);
  await note('anna', HERE, [1, `${at(10)}/${at(20)} seen=300 high=60`]);
  await note('anna', HERE, [2, `${at(10)}/${at(40)}`]);
  await note('anna', THERE, [1, `${at(30)}/${at(35)} seen=300 high=0`]);
  await note('boris', HERE, [1, `${at(50)}/${at(55)} seen=1 high=1`]);
  await note('vera', HERE, [2, `${at(60)}/${at(62)} seen=60 high=60 for=report-check`]);
  await note('vera', HERE, [2, `${at(62)} for=alarm`]);
  // Many that end in the same instant: pages must neither lose nor repeat any of them.
  for (let tab = 0; tab < 12; tab += 1)
    await audit.append('UA-68', {
      actor: { kind: 'person', id: 'crowd' },
      action: 'viewing.end',
      resource: 'region',
      outcome: 'done',
      details: { viewerId: `tab-number-${tab}`, [`${HERE}-cell-1-cam-1`]: `${at(100)}/${at(101)}` },
    });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

async function read(query: string, caller = oversight) {
  const reply = await caller.get(`/api/v1/audit/viewings?${query}`);
  expect(reply.status, JSON.stringify(reply.body)).toBe(200);
  return ViewingPage.parse(reply.body);
}
const brief = (page: ViewingPage) => page.items.map(({ by, areaId, from }) => `${by.id} ${areaId} ${from}`);

test('what a person saw, in every region, newest end first', async () => {
  const page = await read('person=anna');
  expect(brief(page)).toEqual([
    `anna ${HERE}-cell-2 ${at(10)}`,
    `anna ${THERE}-cell-1 ${at(30)}`,
    `anna ${HERE}-cell-1 ${at(10)}`,
  ]);
  expect(page.items[2]).toMatchObject({ seconds: 600, seen: { seconds: 300, high: 60 }, facilityId: HERE });
  // A page that said nothing is not taken to have shown nothing.
  expect(page.items[0]?.seen).toBeUndefined();
});

test('what an area was opened for, also while it goes on; on a wall it was opened for nothing', async () => {
  const { items } = await read(`area=${HERE}-cell-2`);
  expect(items.map(({ by, purpose }) => [by.id, purpose])).toEqual([
    ['vera', 'alarm'],
    ['vera', 'report-check'],
    ['anna', undefined],
  ]);
});

test('who saw an area, a facility, in a time', async () => {
  expect(brief(await read(`area=${HERE}-cell-1&to=${at(60)}`))).toEqual([
    `boris ${HERE}-cell-1 ${at(50)}`,
    `anna ${HERE}-cell-1 ${at(10)}`,
  ]);
  expect(brief(await read(`facility=${HERE}&from=${at(21)}&to=${at(49)}`))).toEqual([
    `anna ${HERE}-cell-2 ${at(10)}`,
  ]);
  expect(brief(await read(`facility=${HERE}&person=boris`))).toHaveLength(1);
  expect(brief(await read(`region=UA-05`))).toEqual([`anna ${THERE}-cell-1 ${at(30)}`]);
});

test('pages put together are the whole, each viewing once', async () => {
  const whole = brief(await read(''));
  expect(whole).toHaveLength(18);
  for (const limit of [1, 5, 7]) {
    const items: ViewingPage['items'] = [];
    let cursor = '';
    do {
      const page = await read(`limit=${limit}${cursor}`);
      items.push(...page.items);
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '');
    expect(items.map(({ by, areaId, from }) => `${by.id} ${areaId} ${from}`)).toEqual(whole);
  }
});

test('it is for those who may read the audit, and the reading is in it', async () => {
  for (const name of ['situation', 'duty-68', 'inspector', 'admin', 'oncall']) {
    const reply = await (await server.signIn(name)).get(`/api/v1/audit/viewings?area=${HERE}-cell-1`);
    expect(Problem.parse(reply.body).code, name).toBe('forbidden');
  }
  await read(`area=${HERE}-cell-1&person=boris`);
  const { body } = await oversight.get('/api/v1/audit/entries?chain=UA-68&order=desc&limit=50');
  const entries = z.object({ items: z.array(AuditEntry) }).parse(body).items;
  expect(entries.find(({ details }) => details.person === 'boris')).toMatchObject({
    action: 'audit.read',
    resource: `viewings:area:${HERE}-cell-1`,
    actor: { id: 'oversight' },
  });
});

test('a case needs its facility, and unknown places are said to be so', async () => {
  const codeOf = async (query: string) =>
    Problem.parse((await oversight.get(`/api/v1/audit/viewings?${query}`)).body).code;
  expect(await codeOf('case=cr-1')).toBe('invalid');
  expect(await codeOf('area=no-such-area')).toBe('unknown_area');
  expect(await codeOf(`facility=${HERE}&case=no-such-case`)).toBe('unknown_case');
  expect(await codeOf('cursor=nothing')).toBe('invalid');
});
