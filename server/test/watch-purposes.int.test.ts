import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { VartaError } from '#contract/errors.ts';
import type { FeedId } from '#contract/ids.ts';
import { Done, MEDIA_MESSAGES } from '#contract/media.ts';
import { WatchPurposes } from '#contract/watch-purposes.ts';
import { keys } from '../adapters/redis/keys.ts';
import { callRoute } from './fixtures/call-route.ts';
import { areaStatus, flagOn } from './fixtures/live-records.ts';
import { type Page, type Person, readAudit } from './fixtures/media-replica.ts';
import { join, type MediaWorld, SOON, startMediaWorld, watch } from './fixtures/media-world.ts';
import { person } from './fixtures/nation.ts';

const CELL = 'ua-68-itt-1-cell-1';
const OTHER_CELL = 'ua-68-itt-1-cell-2';
const MEDICAL = 'ua-68-itt-1-medical';
const ELSEWHERE = 'ua-46-itt-1-cell-1';
const feedOf = (areaId: string): FeedId => `${areaId}-cam-1`;

const duty68 = person('duty', { kind: 'regions', regionIds: ['UA-68'] });
const prosecutor = person('prosecutor');
const PATH = '/api/v1/watching/purposes';

let world: MediaWorld;
beforeEach(async () => {
  world = await startMediaWorld([CELL, OTHER_CELL, MEDICAL, ELSEWHERE].map(feedOf));
  await world.replica.live.writer.commit('UA-68', { areas: [areaStatus(MEDICAL)] });
});
afterEach(() => world[Symbol.asyncDispose]());

async function openPage(who: Person, sessionId: string, ...areaIds: string[]): Promise<Page> {
  const page = await world.replica.openPage(who, { sessionId });
  await join(page);
  await watch(page, ...areaIds.map(feedOf));
  return page;
}
const open = async (page: Page, ...areaIds: string[]) => {
  const answer = await page.ask(MEDIA_MESSAGES.open, { feedIds: areaIds.map(feedOf) }, Done);
  return answer.ok ? 'opened' : answer.code;
};
const state = async (principal: Person, sessionId: string, body: object) =>
  WatchPurposes.parse(
    await callRoute(world.replica.module.routes, 'post', PATH, {
      principal,
      body,
      request: { session: { handle: sessionId } } as never,
    }),
  );
/** The largest layer that the only viewer's grant names of an area's feed. */
const largest = (areaId: string) => [...world.node.viewers.values()].at(-1)?.largest.get(feedOf(areaId));
const entries = async (action: string) =>
  (await readAudit(world.redis, 'UA-68')).filter((entry) => entry.action === action);

test('the wall is not asked; opening an area is, once for each class, and the viewing says what for', async () => {
  const page = await openPage(duty68, 'session-1', CELL, OTHER_CELL, MEDICAL);
  expect([largest(CELL), largest(MEDICAL)]).toEqual(['high', 'low']);
  expect(await open(page, CELL)).toBe('purpose_required');

  const told = await state(duty68, 'session-1', { areaId: CELL, purpose: 'routine-watch' });
  expect(told.stated).toMatchObject([{ privacy: 'normal', purpose: 'routine-watch' }]);
  expect(await open(page, CELL)).toBe('opened');
  // Of the same class, in the same shift: nothing more is asked.
  expect(await open(page, OTHER_CELL)).toBe('opened');
  // Another class is another question.
  expect(await open(page, MEDICAL)).toBe('purpose_required');
  expect(largest(MEDICAL)).toBe('low');
  await state(duty68, 'session-1', { areaId: MEDICAL, purpose: 'person-at-risk' });
  expect(await open(page, MEDICAL)).toBe('opened');
  await vi.waitFor(() => expect(largest(MEDICAL)).toBe('high'), SOON);
  expect(await open(page)).toBe('opened');

  await vi.waitFor(async () => {
    const told = (await entries('viewing.end')).flatMap(({ details }) => Object.values(details)).join('\n');
    for (const purpose of ['for=routine-watch', 'for=person-at-risk']) expect(told).toContain(purpose);
  }, SOON);
  expect(await entries('watch.purpose')).toMatchObject([
    { resource: `area:${CELL}`, details: { privacy: 'normal', purpose: 'routine-watch' } },
    { resource: `area:${MEDICAL}`, details: { privacy: 'forbidden-when-occupied' } },
  ]);
  const refusals = (await entries('feed.watch')).map(({ details }) => details.code);
  expect(refusals).toEqual(['purpose_required', 'purpose_required']);
});

test('another session of the same person is another shift; another page of the same one is not', async () => {
  await state(duty68, 'session-1', { areaId: CELL, purpose: 'routine-watch' });
  expect(await open(await openPage(duty68, 'session-1', CELL), CELL)).toBe('opened');
  expect(await open(await openPage(duty68, 'session-2', CELL), CELL)).toBe('purpose_required');
});

test('whose work is not the wall gets no large picture before they say what for', async () => {
  const page = await openPage(prosecutor, 'session-1', CELL);
  expect(largest(CELL)).toBe('low');
  await state(prosecutor, 'session-1', { areaId: CELL, purpose: 'supervision' });
  expect(await open(page, CELL)).toBe('opened');
  await vi.waitFor(() => expect(largest(CELL)).toBe('high'), SOON);
});

test('an open flag is reason enough, without a word, and the viewing says so', async () => {
  const page = await openPage(prosecutor, 'session-1', CELL);
  const redis = await world.redis.connect();
  const flag = flagOn(CELL);
  await redis.hSet(keys.openFlags('UA-68'), flag.id, JSON.stringify(flag));
  await redis.incr(keys.seq('UA-68'));
  await world.replica.live.writer.commit('UA-68', { areas: [areaStatus(OTHER_CELL)] });
  await vi.waitFor(() => expect(world.replica.live.view.flagsOf(CELL)).toHaveLength(1), SOON);
  expect(await open(page, CELL)).toBe('opened');
  await vi.waitFor(() => expect(largest(CELL)).toBe('high'), SOON);
  await vi.waitFor(async () => {
    const told = (await entries('viewing.begin')).flatMap(({ details }) => Object.values(details)).join('\n');
    expect(told).toContain('for=alarm');
  }, SOON);
});

test('only a purpose of the own role, in the own scope, with its note; refusals are on record', async () => {
  const codeOf = async (body: object) => {
    const refused = await state(duty68, 'session-1', body).catch((error: unknown) => error);
    return refused instanceof VartaError ? refused.code : refused;
  };
  expect(await codeOf({ areaId: CELL, purpose: 'supervision' })).toBe('purpose_refused');
  expect(await codeOf({ areaId: CELL, purpose: 'alarm' })).toBe('purpose_refused');
  expect(await codeOf({ areaId: ELSEWHERE, purpose: 'routine-watch' })).toBe('forbidden');
  expect(await codeOf({ areaId: CELL, purpose: 'report-check' })).toBe('invalid');
  await vi.waitFor(async () => {
    expect((await entries('feed.watch')).map(({ details }) => details.code)).toContain('purpose_refused');
  }, SOON);
  expect(await entries('watch.purpose')).toEqual([]);
});
