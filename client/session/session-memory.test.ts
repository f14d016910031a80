import { expect, test } from 'vitest';
import { WhoAmI } from '#contract/session.ts';
import type { Api } from './api.ts';
import { failure, type Outcome } from './failure.ts';
import { createSessionManager } from './session.ts';
import { createSessionMemory } from './session-memory.ts';

const NOW_MS = Date.parse('2026-11-22T12:00:00.000Z');

function who(over: Partial<WhoAmI> = {}): WhoAmI {
  return WhoAmI.parse({
    username: 'inspector',
    displayName: { uk: 'Інспектор', en: 'Inspector' },
    role: 'inspector',
    scope: { kind: 'facilities', facilityIds: ['ua-68-itt-1'] },
    actions: ['status.read', 'custody.record'],
    sample: true,
    serverTime: '2026-11-22T09:00:00.000Z',
    expiresAt: '2026-11-22T21:00:00.000Z',
    ...over,
  });
}

function createPlace() {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  return { kept, open: (nowMs = NOW_MS) => createSessionMemory(storage, () => nowMs) };
}

/** A session manager whose server answers one thing after the other; the last answer stays. */
function createVisit(place: ReturnType<typeof createPlace>, ...answers: Outcome<unknown>[]) {
  const asked: string[] = [];
  const api = {
    call: async (_path: string, { method = 'GET' }: { method?: string }) => {
      asked.push(method);
      return answers.length > 1 ? answers.shift() : answers[0];
    },
  } as unknown as Api;
  return { asked, session: createSessionManager(api, 20, place.open()) };
}

test('whoever records by hand is remembered until their session is over, with the time of now', () => {
  const place = createPlace();
  place.open().write(who());
  expect(place.open().read()).toEqual(who({ serverTime: '2026-11-22T12:00:00.000Z' }));
  expect(place.open(Date.parse('2026-11-22T21:00:00.000Z')).read()).toBeUndefined();
});

test('nobody else is', () => {
  const place = createPlace();
  place.open().write(who());
  place.open().write(who({ username: 'situation', actions: ['status.read'] }));
  expect(place.open().read()).toBeUndefined();
});

test('without a network the remembered person goes on, and keeps the desk when the network is back', async () => {
  const place = createPlace();
  place.open().write(who());
  const later = who({ serverTime: '2026-11-22T12:00:05.000Z' });
  const { session } = createVisit(place, failure('offline'), failure('offline'), { ok: true, value: later });
  const people: unknown[] = [];
  session.store.subscribe((state) => people.push(state.state === 'signed-in' ? state.who : state.state));
  session.check();
  await expect.poll(() => people.length).toBe(2);
  expect(people[0]).toMatchObject({ username: 'inspector' });
  expect(people[1]).toBe(people[0]);
  session[Symbol.dispose]();
});

test('a session that the server does not know any more ends, and is forgotten', async () => {
  const place = createPlace();
  place.open().write(who());
  const { session } = createVisit(place, failure('offline'), failure('unauthenticated'));
  session.check();
  await expect.poll(() => session.store.getState()).toEqual({ state: 'signed-out', ended: true });
  expect(place.open().read()).toBeUndefined();
});

test('a sign-out that could not be told is told before anything else', async () => {
  const place = createPlace();
  const first = createVisit(place, { ok: true, value: who() }, failure('offline'));
  first.session.check();
  await expect.poll(() => first.session.store.getState().state).toBe('signed-in');
  await first.session.signOut();
  expect(first.session.store.getState()).toEqual({ state: 'signed-out', ended: false });

  const second = createVisit(place, { ok: true, value: undefined });
  second.session.check();
  await expect.poll(() => second.session.store.getState()).toEqual({ state: 'signed-out', ended: false });
  expect(second.asked).toEqual(['DELETE']);
  expect(place.open().owesSignOut()).toBe(false);
});
