import { createHmac } from 'node:crypto';
import type { SendResult } from './outbox.ts';
import type { OutboxJob } from './outbox-store.ts';

export interface WebhookTarget {
  url: string;
  secret: string;
}

/** A receiver that takes longer counts as one that did not answer. */
const TIMEOUT_MS = 10_000;

/**
 * The signature of a message: HMAC-SHA256 over the time (seconds since the epoch), a full stop and the body. A receiver
 * checks it and refuses times that are more than some minutes off, so that nobody can send an old message again.
 */
export function signWebhook(secret: string, timestampS: number, body: string): string {
  return `v1=${createHmac('sha256', secret).update(`${timestampS}.${body}`).digest('hex')}`;
}

/** Sends messages to the organisation's own receiver. */
export function createWebhookSender({
  target,
  fetch,
  now,
}: {
  target: WebhookTarget;
  fetch: typeof globalThis.fetch;
  now: () => number;
}) {
  return async ({ body }: OutboxJob, signal: AbortSignal): Promise<SendResult> => {
    const text = JSON.stringify(body);
    const timestampS = Math.floor(now() / 1000);
    try {
      const response = await fetch(target.url, {
        method: 'POST',
        redirect: 'error',
        headers: {
          'content-type': 'application/json',
          'x-varta-delivery': body.id,
          'x-varta-timestamp': String(timestampS),
          'x-varta-signature': signWebhook(target.secret, timestampS, text),
        },
        body: text,
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      await response.body?.cancel();
      return response.ok ? { kind: 'sent' } : { kind: 'failed', why: `status ${response.status}` };
    } catch (thrown) {
      return { kind: 'failed', why: thrown instanceof Error ? thrown.message : String(thrown) };
    }
  };
}
