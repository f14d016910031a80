import type { Flag } from '#contract/flags.ts';
import type { RegionId } from '#contract/ids.ts';
import { type EscalationSet, escalationOf } from '../../config/escalation/escalation.ts';
import type { Accounts } from '../access/account.ts';
import { type Repeated, repeat } from '../concurrency/repeat.ts';
import { flagResource, raisedAtMs } from '../flags/flag.ts';
import type { FlagStore } from '../flags/flag-store.ts';
import type { LiveView } from '../live/live.ts';
import type { Registry } from '../nation/registry.ts';
import type { DueRegions } from '../rules/due-regions.ts';
import { type EscalationStore, NO_STEPS, type StoredSteps, type TakenRecord } from './escalation-store.ts';
import { planEscalation } from './plan-escalation.ts';
import { recipientsOf } from './recipients.ts';

export interface EscalationOptions {
  due: DueRegions;
  escalations: EscalationStore;
  flags: Pick<FlagStore, 'open'>;
  accounts: Pick<Accounts, 'list'>;
  registry: Pick<Registry, 'area' | 'nation'>;
  view: Pick<LiveView, 'onDelta'>;
  sets: readonly EscalationSet[];
  /** Brings the alerts of a step to everybody whom it is for. Called again after a kill: the same alerts, once. */
  handOver(flag: Flag, taken: TakenRecord): Promise<void>;
  now: () => number;
  log: { warn(fields: object, message: string): void };
}

/** How often it is asked what is due: a step is so much later at the most. */
const POLL_MS = 250;
/** A look that takes longer is made by another replica as well, which changes nothing but costs. */
const TAKEN_MS = 5_000;
const MAX_TAKEN = 8;
/** Every region is looked at so often in any case: for news that nobody heard, and accounts that came. */
const ROUND_MS = 60_000;
/** Looks that other replicas overtook, before it is left to the next one. */
const SOON_MS = 200;

/**
 * Takes the steps of flags that nobody answers. Any replica may do it, and be killed at it, at any point: a step is
 * written once, before anybody is told, with those who are told; its alerts have ids that follow from it.
 */
export class EscalationEngine implements AsyncDisposable {
  readonly #options: EscalationOptions;
  readonly #polling: Repeated;
  readonly #stopListening: () => void;
  readonly #changed = new Set<RegionId>();

  constructor(options: EscalationOptions) {
    this.#options = options;
    for (const { id } of options.registry.nation.regions) this.#changed.add(id);
    this.#stopListening = options.view.onDelta((delta) => {
      if (delta.flags && delta.flags.length > 0) this.#changed.add(delta.regionId);
    });
    this.#polling = repeat(() => this.#poll(), {
      everyMs: POLL_MS,
      onError: (error) => options.log.warn({ err: error }, 'escalations cannot be looked at now'),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopListening();
    await this.#polling[Symbol.asyncDispose]();
  }

  async #poll(): Promise<void> {
    const { due, now, log } = this.#options;
    const changed = [...this.#changed];
    this.#changed.clear();
    try {
      await Promise.all(changed.map((regionId) => due.ask(regionId, now())));
    } catch (error) {
      for (const regionId of changed) this.#changed.add(regionId);
      throw error;
    }
    const untilMs = now() + TAKEN_MS;
    for (const regionId of await due.take(now(), untilMs, MAX_TAKEN)) {
      try {
        await due.settle(regionId, untilMs, await this.#lookAt(regionId));
      } catch (error) {
        // One region's trouble keeps no other one waiting; it becomes due again by itself.
        log.warn({ err: error, region: regionId }, 'escalations of a region cannot be looked at now');
      }
    }
  }

  /** Returns when to look again. */
  async #lookAt(regionId: RegionId): Promise<number> {
    const { flags, escalations, accounts, now } = this.#options;
    const open = await flags.open(regionId);
    const known = await escalations.read(
      regionId,
      open.map(({ id }) => id),
    );
    const people = open.length === 0 ? [] : await accounts.list();
    let nextMs = now() + ROUND_MS;
    for (const flag of open) {
      const at = await this.#lookAtFlag(flag, known.get(flag.id) ?? NO_STEPS, people);
      nextMs = Math.min(nextMs, at ?? nextMs);
    }
    return nextMs;
  }

  async #lookAtFlag(
    flag: Flag,
    stored: StoredSteps,
    people: Awaited<ReturnType<Accounts['list']>>,
  ): Promise<number | undefined> {
    const { escalations, registry, sets, handOver, now } = this.#options;
    const nowMs = now();
    const { regionId, severity } = flag;
    const plan = planEscalation(flag, stored.steps, {
      steps: escalationOf(sets, { regionId, severity, raisedAtMs: raisedAtMs(flag) }),
      recipientsOf: (to) => recipientsOf(people, to, flagResource(flag, registry)),
      nowMs,
    });
    let current = stored;
    for (const { key, step, reason, to, recipients } of plan.take) {
      const taken: TakenRecord = {
        key,
        step,
        reason,
        at: new Date(nowMs).toISOString(),
        to: [...to],
        recipients: [...recipients],
        handed: false,
      };
      const next = await escalations.take(flag, current, taken);
      if (!next) return now() + SOON_MS;
      current = next;
    }
    const open = current.steps.filter(({ handed }) => !handed);
    for (const taken of open) await handOver(flag, taken);
    if (open.length > 0 && !(await escalations.markHanded(flag, current))) return now() + SOON_MS;
    return plan.next?.atMs;
  }
}
