import type { RegionId } from '#contract/ids.ts';
import type { Rule, RuleId } from '../../config/rules/rule.ts';
import { type Repeated, repeat } from '../concurrency/repeat.ts';
import type { FlagStore } from '../flags/flag-store.ts';
import type { LiveView } from '../live/live.ts';
import type { Registry } from '../nation/registry.ts';
import { applyStep } from './apply-steps.ts';
import type { DueRegions } from './due-regions.ts';
import type { EpisodeStore } from './episode-store.ts';
import type { LookAtRegion, RegionMemory } from './finding.ts';
import { withKnownKeys } from './former-keys.ts';
import { planEpisodes } from './plan-episodes.ts';

/** Raises the flags of events that have come in a region; says when to read again though nothing comes (ms). */
export interface RegionWatch {
  catchUp(regionId: RegionId): Promise<number | undefined>;
}

export interface RuleEngineOptions {
  due: DueRegions;
  episodes: EpisodeStore;
  flags: Pick<FlagStore, 'find' | 'change'>;
  registry: Pick<Registry, 'area' | 'facility' | 'nation'>;
  view: Pick<LiveView, 'onDelta' | 'current'>;
  rules: ReadonlyMap<RuleId, Rule>;
  look: LookAtRegion;
  /** Reads what a look needs beside what is live. @default nothing */
  recall?(regionId: RegionId): Promise<RegionMemory>;
  /** Asked before each look. One that cannot read keeps neither the others nor the look waiting. @default none */
  watches?: readonly RegionWatch[];
  now: () => number;
  log: { warn(fields: object, message: string): void };
}

/** How often it is asked what is due: a deadline is seen so much later at the most. */
const POLL_MS = 250;
/** News of a region within this time are looked at together. */
const GATHER_MS = 200;
/** A look that takes longer is made by another replica as well, which changes nothing but costs. */
const TAKEN_MS = 5_000;
const MAX_TAKEN = 8;
/** Every region is looked at so often in any case, for what no news told of. */
const ROUND_MS = 60_000;
/** Plans that other replicas overtook, before it is left to the next look. */
const MAX_PLANS = 5;
const NOTHING: RegionMemory = { unplaced: [], drifts: [], departures: [], contacts: new Map() };

/**
 * Looks at regions when something changed there or a time has come, and raises and resolves the rules' flags. Any replica
 * may do it, and be killed at it, at any point: what is decided depends on what is in Redis, and flags have ids that
 * follow from what was seen.
 */
export class RuleEngine implements AsyncDisposable {
  readonly #options: RuleEngineOptions;
  readonly #polling: Repeated;
  readonly #stopListening: () => void;
  readonly #changed = new Set<RegionId>();
  readonly #stopped = new Set<RegionId>();
  #isAsked = false;

  constructor(options: RuleEngineOptions) {
    this.#options = options;
    for (const { id } of options.registry.nation.regions) this.#changed.add(id);
    this.#stopListening = options.view.onDelta((delta) => {
      if (delta.areas || delta.feeds) this.#changed.add(delta.regionId);
    });
    this.#polling = repeat(() => this.#poll(), {
      everyMs: POLL_MS,
      onError: (error) => options.log.warn({ err: error }, 'rules cannot look now'),
    });
  }

  /** Regions of which this replica could not do everything when it last tried: flags may be missing there. */
  get stoppedRegionIds(): readonly RegionId[] {
    return [...this.#stopped];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopListening();
    await this.#polling[Symbol.asyncDispose]();
  }

  async #poll(): Promise<void> {
    const { due, view, now, log } = this.#options;
    // A mirror that may be out of date would end occurrences that go on.
    if (!view.current) return;
    const changed = [...this.#changed];
    this.#changed.clear();
    try {
      await Promise.all(
        changed.map((regionId) => due.ask(regionId, now() + (this.#isAsked ? GATHER_MS : 0))),
      );
      this.#isAsked = true;
    } catch (error) {
      for (const regionId of changed) this.#changed.add(regionId);
      throw error;
    }
    const untilMs = now() + TAKEN_MS;
    for (const regionId of await due.take(now(), untilMs, MAX_TAKEN)) {
      try {
        const watched = await this.#catchUp(regionId, untilMs);
        const nextMs = await this.#lookAt(regionId, watched.againMs);
        await due.settle(regionId, untilMs, nextMs);
        if (watched.isWhole) this.#stopped.delete(regionId);
        else this.#stopped.add(regionId);
      } catch (error) {
        // One region's trouble keeps no other one waiting; it becomes due again by itself.
        this.#stopped.add(regionId);
        log.warn({ err: error, region: regionId }, 'rules cannot look at a region now');
      }
    }
  }

  /** When to read again, and whether all watches could. One that could not is tried again at `retryMs`. */
  async #catchUp(
    regionId: RegionId,
    retryMs: number,
  ): Promise<{ againMs: number | undefined; isWhole: boolean }> {
    const times: number[] = [];
    let isWhole = true;
    for (const watch of this.#options.watches ?? [])
      try {
        const atMs = await watch.catchUp(regionId);
        if (atMs !== undefined) times.push(atMs);
      } catch (error) {
        isWhole = false;
        times.push(retryMs);
        this.#options.log.warn({ err: error, region: regionId }, 'rules cannot read a region’s events now');
      }
    return { againMs: times.length === 0 ? undefined : Math.min(...times), isWhole };
  }

  /** Returns when to look again. */
  async #lookAt(regionId: RegionId, readAgainMs: number | undefined): Promise<number> {
    const { look, episodes, registry, rules, now } = this.#options;
    for (let attempt = 0; attempt < MAX_PLANS; attempt += 1) {
      const nowMs = now();
      const memory = (await this.#options.recall?.(regionId)) ?? NOTHING;
      const seen = look(regionId, nowMs, memory);
      const known = await episodes.read(regionId);
      const findings = withKnownKeys(seen.findings, known, (id) => registry.area(id)?.facilityId);
      const plan = planEpisodes(known, findings, { rules, nowMs });
      let isCurrent = true;
      for (const step of plan.steps)
        if (!(await applyStep(regionId, step, this.#options))) {
          isCurrent = false;
          break;
        }
      if (!isCurrent) continue;
      const times = [seen.nextAtMs, plan.nextAtMs, readAgainMs].filter((ms) => ms !== undefined);
      return Math.min(...times, nowMs + ROUND_MS);
    }
    return now() + GATHER_MS;
  }
}
