import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RecordedNotification } from '../test/recorded-notification.ts';
import { askToNotify, type Notice, notify, notifyState } from './notify.ts';

beforeEach(() => {
  RecordedNotification.reset();
  vi.stubGlobal('Notification', RecordedNotification);
  vi.spyOn(document, 'hasFocus').mockReturnValue(false);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const notice = (over: Partial<Notice> = {}): Notice => ({
  tag: 'alert-1',
  title: 'НЕГАЙНО · Здоров’я',
  body: 'Камера 4 · нова тривога',
  isUrgent: true,
  language: 'uk',
  onClick: () => {},
  ...over,
});

test('a page that nobody looks at notifies: in the words it was given, silently, under the alert’s own tag', () => {
  expect(notify(window, notice())).toBe(true);
  expect(RecordedNotification.made).toMatchObject([
    {
      title: 'НЕГАЙНО · Здоров’я',
      options: {
        tag: 'alert-1',
        body: 'Камера 4 · нова тривога',
        lang: 'uk',
        silent: true,
        requireInteraction: true,
        icon: '/favicon-alert.svg',
      },
    },
  ]);
});

test('over a page that is looked at nothing pops up', () => {
  vi.mocked(document.hasFocus).mockReturnValue(true);
  expect(notify(window, notice())).toBe(false);
  expect(RecordedNotification.made).toEqual([]);
});

test('what is not to be dealt with now goes away by itself', () => {
  notify(window, notice({ isUrgent: false }));
  expect(RecordedNotification.made[0]?.options?.requireInteraction).toBe(false);
});

test('the same alert twice has one tag, by which the system shows one', () => {
  notify(window, notice());
  notify(window, notice());
  notify(window, notice({ tag: 'alert-2' }));
  expect([...RecordedNotification.onScreen.keys()]).toEqual(['alert-1', 'alert-2']);
});

test('a click brings the page to the front, puts the notice away and opens what it is about, once', () => {
  const focus = vi.spyOn(window, 'focus').mockImplementation(() => {});
  const onClick = vi.fn();
  notify(window, notice({ onClick }));
  expect(onClick).not.toHaveBeenCalled();
  RecordedNotification.made[0]?.dispatchEvent(new Event('click'));
  expect([focus.mock.calls.length, onClick.mock.calls.length]).toEqual([1, 1]);
  expect(RecordedNotification.onScreen.size).toBe(0);
});

test.each(['default', 'denied'] as const)(
  'without the person’s leave (%s) nothing is shown',
  (permission) => {
    RecordedNotification.permission = permission;
    expect(notifyState(window)).toBe(permission);
    expect(notify(window, notice())).toBe(false);
    expect(RecordedNotification.made).toEqual([]);
  },
);

test('leave is asked for, and what was said is told', async () => {
  RecordedNotification.permission = 'default';
  expect(await askToNotify(window)).toBe('granted');
  expect(notifyState(window)).toBe('granted');
});

test('a phone that lets only service workers notify breaks nothing', () => {
  RecordedNotification.refuses = true;
  expect(notify(window, notice())).toBe(false);
});
