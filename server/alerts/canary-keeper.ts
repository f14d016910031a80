import {
  type AlertPath,
  type CanaryAlert,
  type ChannelState,
  MAX_SILENT_POSTS,
  pathTroubles,
} from '#contract/alerts.ts';
import type { Accounts } from '../access/account.ts';
import { type Repeated, repeat } from '../concurrency/repeat.ts';
import { canaryAlertId } from './alert-ids.ts';
import type { AlertStore } from './alert-store.ts';
import { type Post, silentPosts } from './canary-posts.ts';
import type { Canary, CanaryStore } from './canary-store.ts';

/** How often it is asked whether a canary is due, and how the path does. */
const POLL_MS = 1_000;

export interface CanaryOptions {
  canaries: CanaryStore;
  alerts: Pick<AlertStore, 'waiting' | 'settle'>;
  /** User names of everybody whom an escalation can reach. */
  recipients(accounts: Awaited<ReturnType<Accounts['list']>>): readonly string[];
  /** Where flags come first, each of which has to show a canary. */
  posts(accounts: Awaited<ReturnType<Accounts['list']>>): readonly Post[];
  accounts: Pick<Accounts, 'list'>;
  everyS: number;
  deliver(username: string, alert: CanaryAlert): Promise<void>;
  /** Sends it out of the site as well, where that is set up. */
  sendOutside(canary: Canary): Promise<void>;
  channels(): Promise<{ webhook: ChannelState | null; push: ChannelState | null }>;
  onPath(path: AlertPath): void;
  now: () => number;
  log: { warn(fields: object, message: string): void; error(fields: object, message: string): void };
}

/**
 * Makes a canary alert for every slot of time, once whichever replicas live, and watches whether it arrives. A replica
 * that is killed at it is made up for by the next look of another one, or of its successor.
 */
export class CanaryKeeper implements AsyncDisposable {
  readonly #options: CanaryOptions;
  readonly #polling: Repeated;
  readonly #startedMs: number;
  #handedSlotMs: number | undefined;
  /** As they were when a canary was first looked at: who came later was not sent it. */
  #posts: { slotMs: number; posts: readonly Post[] } | undefined;
  #path: AlertPath;
  #told = '';
  #troubles = '';

  constructor(options: CanaryOptions) {
    this.#options = options;
    this.#startedMs = options.now();
    this.#path = { everyS: options.everyS, canary: null, provedAt: null, webhook: null, push: null };
    this.#polling = repeat(() => this.#poll(), {
      everyMs: POLL_MS,
      onError: (error) => options.log.warn({ err: error }, 'the alert path cannot be checked now'),
    });
  }

  /** As this replica saw it last. */
  get path(): AlertPath {
    return this.#path;
  }

  /** What is wrong with the path now. */
  troubles(): readonly string[] {
    return pathTroubles(this.#path, this.#options.now(), this.#startedMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#polling[Symbol.asyncDispose]();
  }

  async #poll(): Promise<void> {
    await this.#makeDue();
    await this.#look();
    this.#tellTroubles();
  }

  async #makeDue(): Promise<void> {
    const { canaries, accounts, recipients, everyS, now } = this.#options;
    const nowMs = now();
    const slotMs = Math.floor(nowMs / (everyS * 1000)) * everyS * 1000;
    if (this.#handedSlotMs === slotMs) return;
    const canary =
      (await canaries.read(slotMs)) ??
      (await canaries.make({
        slotMs,
        at: new Date(nowMs).toISOString(),
        recipients: [...recipients(await accounts.list())],
        handed: false,
      }));
    if (!canary.handed) {
      for (const username of canary.recipients) await this.#handTo(username, canary);
      await this.#options.sendOutside(canary);
      await canaries.markHanded(canary);
    }
    this.#handedSlotMs = slotMs;
  }

  async #handTo(username: string, { slotMs, at }: Canary): Promise<void> {
    const { alerts, deliver } = this.#options;
    const alert: CanaryAlert = { kind: 'canary', id: canaryAlertId(slotMs, username), at };
    // Nobody needs to see yesterday's: one canary waits for a person at most.
    const old = (await alerts.waiting(username)).filter(
      ({ kind, id }) => kind === 'canary' && id !== alert.id,
    );
    await alerts.settle(
      username,
      old.map(({ id }) => id),
      ['answered', at],
    );
    await deliver(username, alert);
  }

  async #look(): Promise<void> {
    const { canaries, channels, everyS, onPath } = this.#options;
    const { canary, shownBy, provedAt } = await canaries.last();
    const { webhook, push } = await channels();
    this.#path = {
      everyS,
      canary: canary ? await this.#standingOf(canary, shownBy, provedAt) : null,
      provedAt,
      webhook,
      push,
    };
    const text = JSON.stringify(this.#path);
    if (text === this.#told) return;
    this.#told = text;
    onPath(this.#path);
  }

  async #standingOf(
    { slotMs, at, recipients }: Canary,
    shownBy: readonly string[],
    provedAt: string | null,
  ): Promise<NonNullable<AlertPath['canary']>> {
    const { accounts, posts } = this.#options;
    if (this.#posts?.slotMs !== slotMs) this.#posts = { slotMs, posts: posts(await accounts.list()) };
    const silent = silentPosts(this.#posts.posts, { sentTo: recipients, shownBy });
    return {
      at,
      expected: recipients.length,
      shown: shownBy.length,
      shownAt: shownBy.length > 0 ? provedAt : null,
      ...(silent.length > 0 ? { silent: silent.slice(0, MAX_SILENT_POSTS) } : {}),
    };
  }

  /** One line when something begins to be wrong, or is right again. */
  #tellTroubles(): void {
    const troubles = this.troubles().join();
    if (troubles === this.#troubles) return;
    if (troubles === '') this.#options.log.warn({}, 'alerts reach people again');
    else this.#options.log.error({ troubles, path: this.#path }, 'alerts may not reach people');
    this.#troubles = troubles;
  }
}
