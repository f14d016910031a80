import webPush from 'web-push';
import type { SendResult } from './outbox.ts';
import type { OutboxJob } from './outbox-store.ts';
import type { KeptSubscription } from './push-store.ts';

export interface VapidKeys {
  /** `mailto:` or `https:`: whom a push service can reach about us. */
  contact: string;
  publicKey: string;
  privateKey: string;
}

const TIMEOUT_MS = 10_000;
/** What a push service could not deliver within this is worth nothing any more; seconds. */
const TTL_S = 1_800;
/**
 * The subscription is gone for good (RFC 8030 §7.3). Other refusals, of our key or our clock, are faults of ours: they are
 * told of, and no subscription is lost by them.
 */
const GONE: ReadonlySet<number> = new Set([404, 410]);

export interface PushDeps {
  vapid: VapidKeys;
  subscriptionOf(job: OutboxJob): Promise<KeptSubscription | undefined>;
  /** Whether the alert still needs to be told: no page has shown it, and nobody has answered. */
  isNeeded(job: OutboxJob): Promise<boolean>;
  forget(job: OutboxJob): Promise<void>;
  fetch: typeof globalThis.fetch;
  now: () => number;
}

/** Sends pushes, encrypted for the browser (RFC 8291) and signed by us (RFC 8292). */
export function createPushSender({ vapid, subscriptionOf, isNeeded, forget, fetch, now }: PushDeps) {
  return async (job: OutboxJob, signal: AbortSignal): Promise<SendResult> => {
    const kept = await subscriptionOf(job);
    if (!kept) return { kind: 'over' };
    if (kept.untilMs <= now()) {
      await forget(job);
      return { kind: 'over' };
    }
    if (!(await isNeeded(job))) return { kind: 'over' };
    const request = webPush.generateRequestDetails(kept.subscription, JSON.stringify(job.body), {
      vapidDetails: { subject: vapid.contact, publicKey: vapid.publicKey, privateKey: vapid.privateKey },
      TTL: TTL_S,
      urgency: job.body.kind === 'canary' ? 'low' : 'high',
      contentEncoding: 'aes128gcm',
    });
    try {
      const response = await fetch(request.endpoint, {
        method: 'POST',
        redirect: 'error',
        headers: toHeaders(request.headers),
        body: new Uint8Array(request.body),
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      await response.body?.cancel();
      if (response.ok) return { kind: 'sent' };
      if (!GONE.has(response.status)) return { kind: 'failed', why: `status ${response.status}` };
      await forget(job);
      return { kind: 'over' };
    } catch (thrown) {
      return { kind: 'failed', why: thrown instanceof Error ? thrown.message : String(thrown) };
    }
  };
}

/** Whether pushes may go to an address: only to the services that are named, or anybody could make us call anything. */
export function isPushService(endpoint: string, services: readonly string[]): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { origin, protocol, hostname } = new URL(endpoint);
  return services.some((service) =>
    service.startsWith('http')
      ? origin === service
      : protocol === 'https:' && (hostname === service || hostname.endsWith(`.${service}`)),
  );
}

function toHeaders(headers: Record<string, unknown>): Record<string, string> {
  // `fetch` counts the body by itself.
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.toLowerCase() !== 'content-length')
      .map(([name, value]) => [name, String(value)]),
  );
}
