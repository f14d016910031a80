import type { Alert, AlertId, ChannelState, OutsideAlert } from '#contract/alerts.ts';
import type { Flag } from '#contract/flags.ts';
import type { LocalText } from '#contract/ids.ts';
import type { RoleId } from '#contract/session.ts';
import { alertLinkOf, WATCHING_PAGE } from '../../config/roles/landing.ts';
import { type Account, type Accounts, toPerson } from '../access/account.ts';
import { decide } from '../access/decide.ts';
import type { FindingStore } from '../audit/watching/finding-store.ts';
import type { FlagStore } from '../flags/flag-store.ts';
import { canaryAlertId, webhookAlertId } from './alert-ids.ts';
import type { AlertStore } from './alert-store.ts';
import type { Canary } from './canary-store.ts';
import type { TakenRecord } from './escalation-store.ts';
import type { SendResult } from './outbox.ts';
import type { Channel, OutboxJob, OutboxStore } from './outbox-store.ts';
import { createPushSender, isPushService, type VapidKeys } from './push.ts';
import type { PushStore } from './push-store.ts';
import { createWebhookSender, type WebhookTarget } from './webhook.ts';

export interface OutsideOptions {
  store: OutboxStore;
  pushes: PushStore | undefined;
  accounts: Pick<Accounts, 'find'>;
  alerts: Pick<AlertStore, 'standing' | 'waiting'>;
  flags: Pick<FlagStore, 'find'>;
  /** Findings about watching. */
  findings: Pick<FindingStore, 'find'>;
  webhook: WebhookTarget | undefined;
  push: { vapid: VapidKeys; services: readonly string[]; afterMs: number } | undefined;
  fetch: typeof globalThis.fetch;
  now: () => number;
}

const OFF = async (): Promise<SendResult> => ({ kind: 'over' });

/** Alerts on their way out of the site. Nothing of it is there unless it was set up. */
export class Outside {
  readonly #options: OutsideOptions;
  readonly senders: Readonly<Record<Channel, (job: OutboxJob, signal: AbortSignal) => Promise<SendResult>>>;
  #waiting = 0;

  constructor(options: OutsideOptions) {
    this.#options = options;
    const { webhook, push, pushes, fetch, now } = options;
    this.senders = {
      webhook: webhook ? createWebhookSender({ target: webhook, fetch, now }) : OFF,
      push:
        push && pushes
          ? createPushSender({
              vapid: push.vapid,
              subscriptionOf: async ({ to }) => to && pushes.find(to.username, to.subscriptionId),
              isNeeded: (job) => this.#isNeeded(job),
              forget: async ({ to }) => to && pushes.remove(to.username, to.subscriptionId),
              fetch,
              now,
            })
          : OFF,
    };
  }

  get store(): OutboxStore {
    return this.#options.store;
  }

  get isOn(): boolean {
    return this.#options.webhook !== undefined || this.#options.push !== undefined;
  }

  get waiting(): number {
    return this.#waiting;
  }

  readonly isPushService = (endpoint: string) => isPushService(endpoint, this.#options.push?.services ?? []);

  /** Sends an alert to somebody's browsers, after a while in which an open page may show it. */
  readonly sendPush = async (username: string, alert: Alert): Promise<void> => {
    const { push, pushes, store, accounts, now } = this.#options;
    if (!push || !pushes) return;
    const subscriptions = await pushes.of(username);
    if (subscriptions.length === 0) return;
    const body = toOutside(alert, (await accounts.find(username))?.role);
    for (const { id: subscriptionId } of subscriptions) {
      const id = `push:${alert.id}:${subscriptionId}`;
      const to = { username, subscriptionId };
      await store.put({ id, channel: 'push', body, to, attempts: 0 }, now() + push.afterMs);
    }
  };

  /** Tells the organisation of a step. */
  readonly sendStep = async (flag: Flag, taken: TakenRecord, place: LocalText): Promise<void> => {
    if (!this.#options.webhook) return;
    const { severity, regionId, areaId, id: flagId } = flag;
    const { step, reason, at } = taken;
    const where = { place, regionId, ...(areaId === undefined ? {} : { areaId }) };
    const id = webhookAlertId(flag.id, taken.key);
    // Whoever it is passed on to has it in a hand.
    const link = alertLinkOf(undefined, { flagId, areaId });
    await this.#toWebhook({ id, kind: 'flag', at, severity, ...where, flagId, step, reason, link });
  };

  readonly sendCanary = async ({ slotMs, at }: Canary): Promise<void> => {
    if (!this.#options.webhook) return;
    await this.#toWebhook({ id: canaryAlertId(slotMs, 'webhook:'), kind: 'canary', at });
  };

  /** How the channels do; null for those that are off. */
  readonly channels = async (): Promise<{ webhook: ChannelState | null; push: ChannelState | null }> => {
    const { store, webhook, push } = this.#options;
    if (!this.isOn) return { webhook: null, push: null };
    this.#waiting = await store.waiting();
    return {
      webhook: webhook ? await store.stateOf('webhook') : null,
      push: push ? await store.stateOf('push') : null,
    };
  };

  async #toWebhook(body: OutsideAlert): Promise<void> {
    const { store, now } = this.#options;
    await store.put({ id: `webhook:${body.id}`, channel: 'webhook', body, attempts: 0 }, now());
  }

  /** Whether a push still has to be told: to somebody who may know, whose pages have not shown it, of what nobody has answered. */
  async #isNeeded({ body, to }: OutboxJob): Promise<boolean> {
    const { accounts, alerts, flags } = this.#options;
    const account = to && (await accounts.find(to.username));
    if (!to || !account || !decide(toPerson(account), 'alert.own', { kind: 'any' }).allow) return false;
    if (body.kind === 'canary') return true;
    // A page that stands open on a wall may have shown it to nobody: what cannot wait goes to the pocket as well.
    const { state: told } = await alerts.standing(to.username, body.id);
    if (told !== 'waiting' && body.severity !== 1) return false;
    if (body.kind === 'watching') return this.#isToBeReviewed(body.id, account);
    if (body.flagId === undefined || body.regionId === undefined) return true;
    const state = (await flags.find(body.flagId, [body.regionId]))?.flag.state;
    return body.reason === 'assigned' ? state === 'assigned' : state === 'raised';
  }

  /**
   * Whether nobody has reviewed what an alert about watching tells of, and whom it tells may still do so there: they may
   * have lost the office, and a phone keeps its subscription until the session ends.
   */
  async #isToBeReviewed(alertId: AlertId, account: Account): Promise<boolean> {
    const { alerts, findings } = this.#options;
    const waiting = await alerts.waiting(account.username);
    const alert = waiting.find(({ id }) => id === alertId);
    if (alert?.kind !== 'watching') return false;
    const finding = (await findings.find(alert.findingId, [alert.regionId]))?.finding;
    if (!finding || finding.reviewed) return false;
    const { regionId, facilityId } = finding;
    return decide(toPerson(account), 'watching.review', { kind: 'facility', regionId, facilityId }).allow;
  }
}

function toOutside(alert: Alert, role: RoleId | undefined): OutsideAlert {
  const { id, at } = alert;
  switch (alert.kind) {
    case 'canary':
      return { id, kind: 'canary', at };
    case 'digest':
      return { id, kind: 'digest', at, total: alert.total };
    // Nothing of the place either: a phone lies on a table, and who is asked about may sit at it.
    case 'watching':
      return { id, kind: 'watching', at, link: WATCHING_PAGE };
    case 'flag': {
      const { severity, place, regionId, areaId, flagId, step, reason } = alert;
      const where = { place, regionId, ...(areaId === undefined ? {} : { areaId }) };
      const link = alertLinkOf(role, { flagId, areaId });
      return { id, kind: 'flag', at, severity, ...where, flagId, step, reason, link };
    }
  }
}
