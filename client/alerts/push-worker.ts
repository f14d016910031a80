import type { PushOpened } from './push-open.ts';
import { toPushNotice } from './push-texts.ts';

/** What the service worker's scope has for pushes; see `client/offline/service-worker.ts`, which is the only worker. */
export interface PushScope {
  addEventListener(type: 'push', handle: (event: PushLike) => void): void;
  addEventListener(type: 'notificationclick', handle: (event: ClickLike) => void): void;
  registration: {
    showNotification(title: string, options: NotificationOptions): Promise<void>;
    getNotifications(filter: { tag: string }): Promise<{ close(): void }[]>;
  };
  clients: {
    matchAll(options: { type: 'window'; includeUncontrolled: true }): Promise<readonly PageLike[]>;
    openWindow(url: string): Promise<unknown>;
  };
}
interface LifeEvent {
  waitUntil(work: Promise<unknown>): void;
}
interface PushLike extends LifeEvent {
  data: { text(): string } | null;
}
interface ClickLike extends LifeEvent {
  notification: { close(): void; data: unknown };
}
interface PageLike {
  url: string;
  focus(): Promise<unknown>;
  postMessage(message: PushOpened): void;
}

/** How long a notice stays that only proves the path. */
const QUIET_MS = 3_000;

/** Shows what is pushed, and opens the page when somebody clicks it. */
export function showPushes(scope: PushScope): void {
  scope.addEventListener('push', (event) => event.waitUntil(show(scope, event.data?.text())));
  scope.addEventListener('notificationclick', (event) => {
    event.notification.close();
    event.waitUntil(open(scope, String(event.notification.data)));
  });
}

async function show(scope: PushScope, text: string | undefined): Promise<void> {
  const { tag, title, body, isUrgent, isQuiet, path } = toPushNotice(text);
  await scope.registration.showNotification(title, {
    tag,
    body,
    lang: 'uk',
    icon: '/favicon-alert.svg',
    data: path,
    silent: isQuiet,
    requireInteraction: isUrgent,
  });
  if (!isQuiet) return;
  // A browser wants every push to be seen; this one need not stay.
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  for (const notice of await scope.registration.getNotifications({ tag })) notice.close();
}

async function open(scope: PushScope, path: string): Promise<void> {
  const pages = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const [page] = pages.filter(({ url }) => !new URL(url).pathname.startsWith('/inspect'));
  if (!page) return void (await scope.clients.openWindow(path));
  // The page goes there by itself. A browser may refuse the focus; the way is told all the same.
  page.postMessage({ varta: 'open', path });
  await page.focus().catch(() => {});
}
