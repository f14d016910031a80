import type { z } from 'zod';
import { PushSubscribed, PushSubscriptionBody } from '#contract/alerts.ts';
import { OFFLINE_PAGE } from '../offline/offline-page.ts';
import type { Api } from '../session/api.ts';

const WORKER = '/service-worker.js';
/** Of each person: on a shared device nobody gets the alerts of the one before. */
const keptAs = (username: string) => `varta.push.${username}`;

export type Pushed = z.infer<typeof PushSubscribed>;

/** Whether this browser can take pushes at all. */
export function canPush(page: Window & typeof globalThis): boolean {
  return 'serviceWorker' in page.navigator && 'PushManager' in page && 'Notification' in page;
}

/** What this browser was told when it subscribed, if that still holds. */
export function pushedHere(page: Window, username: string, nowMs: number): Pushed | undefined {
  try {
    const kept = PushSubscribed.safeParse(JSON.parse(page.localStorage.getItem(keptAs(username)) ?? 'null'));
    return kept.success && Date.parse(kept.data.until) > nowMs ? kept.data : undefined;
  } catch {
    return undefined;
  }
}

/** Subscribes this browser; only in answer to a gesture. Undefined when the person or the push service says no. */
export async function subscribe(
  page: Window & typeof globalThis,
  api: Api,
  { serverKey, username }: { serverKey: string; username: string },
): Promise<Pushed | undefined> {
  if ((await page.Notification.requestPermission()) !== 'granted') return undefined;
  try {
    const registration = await page.navigator.serviceWorker.register(WORKER, {
      scope: OFFLINE_PAGE,
      updateViaCache: 'none',
    });
    await activated(registration);
    const subscription = await registration.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: serverKey,
    });
    return await tell(page, api, { subscription, username });
  } catch {
    // A closed network reaches no push service.
    return undefined;
  }
}

/** Who turned pushes on has them in the next shift as well: the subscription goes over to the session of now. */
export async function renewPush(page: Window & typeof globalThis, api: Api, username: string): Promise<void> {
  if (!canPush(page) || page.localStorage.getItem(keptAs(username)) === null) return;
  const registration = await page.navigator.serviceWorker.getRegistration(OFFLINE_PAGE);
  const subscription = await registration?.pushManager.getSubscription();
  if (subscription) await tell(page, api, { subscription, username });
}

export async function unsubscribe(
  page: Window,
  api: Api,
  { id, username }: { id: string; username: string },
): Promise<void> {
  page.localStorage.removeItem(keptAs(username));
  await api.call(`/api/v1/alerts/pushes/${id}`, { method: 'DELETE', reply: undefined });
  const registration = await page.navigator.serviceWorker.getRegistration(OFFLINE_PAGE);
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
}

async function tell(
  page: Window,
  api: Api,
  { subscription, username }: { subscription: PushSubscription; username: string },
): Promise<Pushed | undefined> {
  const { endpoint, keys } = subscription.toJSON();
  const body = PushSubscriptionBody.parse({ endpoint, keys });
  const answer = await api.call('/api/v1/alerts/pushes', { body, reply: PushSubscribed });
  if (!answer.ok) return undefined;
  page.localStorage.setItem(keptAs(username), JSON.stringify(answer.value));
  return answer.value;
}

/** Fulfilled when a worker minds its pages; only then can it be subscribed. */
function activated(registration: ServiceWorkerRegistration): Promise<void> {
  const worker = registration.active ?? registration.waiting ?? registration.installing;
  if (!worker || worker.state === 'activated') return Promise.resolve();
  return new Promise((resolve, reject) => {
    worker.addEventListener('statechange', () => {
      if (worker.state === 'activated') resolve();
      else if (worker.state === 'redundant') reject(new Error('the service worker was not taken'));
    });
  });
}
