import { z } from 'zod';
import {
  ALERT_MESSAGES,
  type Alert,
  AlertIds,
  type AlertPath,
  type AlertSettings,
  type AlertsClaimed,
  type AlertsFollowed,
  type AlertsPending,
} from '#contract/alerts.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { type ConsoleSocket, onMessage } from '../adapters/socket/on-message.ts';
import type { FindingStore } from '../audit/watching/finding-store.ts';
import { type Repeated, repeat } from '../concurrency/repeat.ts';
import type { FlagStore } from '../flags/flag-store.ts';
import type { AlertStore } from './alert-store.ts';

/** How long a page has to show what it claimed, before another one may. */
const CLAIM_MS = 10_000;
/** What no page has shown is sent again so often. */
const AGAIN_MS = 10_000;
/** Alerts that a page is sent at once; the newest. */
const MAX_SENT = 200;

const News = z.strictObject({ username: z.string().min(1).max(64) });

export interface AlertPagesOptions {
  redis: Redis;
  /** A connection of its own: one that listens can do nothing else. Closed with this. */
  subscriber: Redis;
  alerts: AlertStore;
  flags: Pick<FlagStore, 'find'>;
  /** Findings about watching. */
  findings: Pick<FindingStore, 'find'>;
  settingsOf(username: string): Promise<AlertSettings>;
  path(): AlertPath;
  pushKey: string | null;
  /** A page has shown these for the first time. */
  onShown(username: string, alerts: readonly Alert[]): Promise<void>;
  now: () => number;
  /** @default 10000 */
  againMs?: number;
  log: { warn(fields: object, message: string): void; error(fields: object, message: string): void };
}

/** The open pages of this replica, and what waits for the people who sit before them. */
export class AlertPages implements AsyncDisposable {
  readonly #options: AlertPagesOptions;
  readonly #pages = new Map<string, Set<ConsoleSocket>>();
  readonly #again: Repeated;

  private constructor(options: AlertPagesOptions) {
    this.#options = options;
    this.#again = repeat(() => this.#sendAll(), {
      everyMs: options.againMs ?? AGAIN_MS,
      onError: (error) => options.log.warn({ err: error }, 'alerts cannot be sent again now'),
    });
  }

  static async create(options: AlertPagesOptions): Promise<AlertPages> {
    const pages = new AlertPages(options);
    await options.subscriber.subscribe(keys.alertNews, (message) => pages.#hear(message));
    return pages;
  }

  /** Gives a page the messages about alerts. */
  attach(socket: ConsoleSocket): void {
    const { principal } = socket.data;
    // Nobody is alerted by a screen on a wall.
    if (principal.kind !== 'person') return;
    const { username } = principal;
    const report = (error: unknown, message: string) =>
      this.#options.log.error({ error, message }, 'unexpected error in a message');
    onMessage(
      socket,
      {
        name: ALERT_MESSAGES.follow,
        schema: z.strictObject({}),
        handle: () => this.#follow(socket, username),
      },
      report,
    );
    onMessage(
      socket,
      {
        name: ALERT_MESSAGES.claim,
        schema: AlertIds,
        handle: ({ ids }) => this.#claim(socket, username, ids),
      },
      report,
    );
    onMessage(
      socket,
      {
        name: ALERT_MESSAGES.shown,
        schema: AlertIds,
        handle: ({ ids }) => this.#shown(username, ids),
      },
      report,
    );
    socket.once('disconnect', () => {
      const pages = this.#pages.get(username);
      pages?.delete(socket);
      if (pages?.size === 0) this.#pages.delete(username);
    });
  }

  /** Tells every page whether the path works. */
  tellPath(path: AlertPath): void {
    for (const pages of this.#pages.values()) for (const page of pages) page.emit(ALERT_MESSAGES.path, path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#again[Symbol.asyncDispose]();
    if (this.#options.subscriber.isOpen) this.#options.subscriber.destroy();
    this.#pages.clear();
  }

  async #follow(socket: ConsoleSocket, username: string): Promise<AlertsFollowed> {
    const { settingsOf, path, pushKey } = this.#options;
    const pages = this.#pages.get(username) ?? new Set();
    pages.add(socket);
    this.#pages.set(username, pages);
    const settings = await settingsOf(username);
    // After the answer, which the page needs to know how to show them.
    setImmediate(() => this.#send(username));
    return { settings, path: path(), pushKey };
  }

  async #claim(socket: ConsoleSocket, username: string, ids: readonly string[]): Promise<AlertsClaimed> {
    const nowMs = this.#options.now();
    const page = socket.data.viewerId;
    const untilMs = nowMs + CLAIM_MS;
    return { granted: await this.#options.alerts.claim(username, ids, { page, nowMs, untilMs }) };
  }

  async #shown(username: string, ids: readonly string[]): Promise<object> {
    const { alerts, now, onShown } = this.#options;
    const waiting = await alerts.waiting(username);
    const at = new Date(now()).toISOString();
    const settled = new Set(await alerts.settle(username, ids, ['shown', at]));
    const shown = waiting.filter(({ id }) => settled.has(id));
    if (shown.length > 0) await onShown(username, shown);
    return {};
  }

  #hear(message: string): void {
    const news = parseNews(message);
    if (!news) this.#options.log.warn({ channel: keys.alertNews }, 'news of alerts that cannot be read');
    else if (this.#pages.has(news.username)) this.#send(news.username);
  }

  #send(username: string): void {
    // What fails now is sent again.
    this.#sendTo(username).catch((error: unknown) =>
      this.#options.log.warn({ err: error }, 'alerts cannot be sent now'),
    );
  }

  async #sendAll(): Promise<void> {
    for (const username of this.#pages.keys()) await this.#sendTo(username);
  }

  async #sendTo(username: string): Promise<void> {
    const waiting = await this.#options.alerts.waiting(username);
    const needed = await this.#withoutAnswered(username, waiting);
    if (needed.length === 0) return;
    const pending: AlertsPending = { alerts: needed.slice(-MAX_SENT) };
    for (const page of this.#pages.get(username) ?? []) page.emit(ALERT_MESSAGES.pending, pending);
  }

  /** Takes out what somebody has answered in the meantime. */
  async #withoutAnswered(username: string, waiting: readonly Alert[]): Promise<readonly Alert[]> {
    const { alerts, flags, findings, now } = this.#options;
    const answered: string[] = [];
    for (const alert of waiting) {
      if (alert.kind === 'watching') {
        const found = await findings.find(alert.findingId, [alert.regionId]);
        if (found?.finding.reviewed) answered.push(alert.id);
        continue;
      }
      if (alert.kind !== 'flag') continue;
      const state = (await flags.find(alert.flagId, [alert.regionId]))?.flag.state;
      const isAnswered = alert.reason === 'assigned' ? state !== 'assigned' : state !== 'raised';
      if (isAnswered) answered.push(alert.id);
    }
    await alerts.settle(username, answered, ['answered', new Date(now()).toISOString()]);
    return waiting.filter(({ id }) => !answered.includes(id));
  }
}

function parseNews(message: string): z.infer<typeof News> | undefined {
  try {
    return News.safeParse(JSON.parse(message)).data;
  } catch {
    return undefined;
  }
}
