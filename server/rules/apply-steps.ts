import { type Actor, type Flag, isOpenFlag } from '#contract/flags.ts';
import type { RegionId } from '#contract/ids.ts';
import { flagIdOf } from '#contract/rule-flags.ts';
import type { Rule, RuleId } from '../../config/rules/rule.ts';
import { toAuditResource } from '../audit/audit.ts';
import { flagPlaceOf, flagResource, raiseFlag, stepFlag } from '../flags/flag.ts';
import type { Beside, FlagStore } from '../flags/flag-store.ts';
import type { Registry } from '../nation/registry.ts';
import { besideOf, type EpisodeStore } from './episode-store.ts';
import type { Episode, Finding } from './finding.ts';
import type { EpisodeStep } from './plan-episodes.ts';

export interface StepDeps {
  episodes: Pick<EpisodeStore, 'replace'>;
  flags: Pick<FlagStore, 'find' | 'change'>;
  registry: Pick<Registry, 'area' | 'facility'>;
  rules: ReadonlyMap<RuleId, Rule>;
  now: () => number;
}

/** Attempts to resolve a flag that people keep changing. */
const MAX_ATTEMPTS = 5;

/**
 * Does what a plan says about one occurrence. False when another replica was faster: then the plan is out of date. An
 * occurrence and its flag begin together and end together, wherever whoever does it is killed.
 */
export async function applyStep(regionId: RegionId, step: EpisodeStep, deps: StepDeps): Promise<boolean> {
  const { key, before, flag } = step;
  const after =
    !step.after || before?.since === step.after.since
      ? step.after
      : await begun(regionId, { key, episode: step.after }, deps);
  if (flag?.kind === 'resolve' && before) return resolve(regionId, { key, episode: before }, deps);
  if (flag?.kind === 'raise' && after) {
    const beside = besideOf(regionId, key, { before, after });
    const isRaised = await raiseFor(flag.finding, after.since, deps, beside);
    if (isRaised) return true;
    // It was raised before, or cannot be; or the plan is out of date.
  }
  return deps.episodes.replace(regionId, key, { before, after });
}

/**
 * An occurrence that begins. What was over, so that its flag was resolved, and is there again since the same instant (a
 * correction was itself corrected) is another one: a flag that is closed is not raised again.
 */
async function begun(
  regionId: RegionId,
  { key, episode }: { key: string; episode: Episode },
  { flags, now }: StepDeps,
): Promise<Episode> {
  const known = await flags.find(flagIdOf(key, episode.since), [regionId]);
  const wasResolved = known && !isOpenFlag(known.flag) && known.flag.history.at(-1)?.by.kind === 'rule';
  return wasResolved ? { ...episode, since: new Date(now()).toISOString() } : episode;
}

/**
 * Raises the flag of an occurrence, unless it has been raised already; and with it what is to change beside it. False if
 * nothing was done.
 */
export async function raiseFor(
  finding: Finding,
  since: string,
  deps: Omit<StepDeps, 'episodes'>,
  beside?: Beside,
): Promise<boolean> {
  const { flags, registry, rules, now } = deps;
  const place = flagPlaceOf(finding, registry);
  const rule = rules.get(finding.rule);
  if (!place || !rule) return false;
  const id = flagIdOf(finding.key, since);
  const body = { id, category: rule.category, severity: rule.severity, note: '' };
  const flag: Flag = {
    ...raiseFlag(body, place, toActor(rule.id), now()),
    rule: { id: rule.id, params: { ...finding.params } },
  };
  const draft = {
    actor: { kind: 'rule', id: rule.id },
    action: 'flag.raise',
    resource: toAuditResource(flagResource(place, registry)),
    outcome: 'done',
    details: { flag: id, category: rule.category, severity: rule.severity, since },
  } as const;
  return flags.change(undefined, flag, draft, beside);
}

/** Ends an occurrence, together with its flag unless somebody has closed that already. */
async function resolve(
  regionId: RegionId,
  { key, episode }: { key: string; episode: Episode },
  { episodes, flags, registry, now }: StepDeps,
): Promise<boolean> {
  const id = flagIdOf(key, episode.since);
  const end = { before: episode, after: undefined };
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const stored = await flags.find(id, [regionId]);
    if (!stored) return episodes.replace(regionId, key, end);
    const reason = `gone since ${episode.goneSince ?? new Date(now()).toISOString()}`;
    const result = stepFlag(stored.flag, { to: 'resolved', reason }, toActor(episode.rule), now());
    if (result.kind !== 'changed') return episodes.replace(regionId, key, end);
    const draft = {
      actor: { kind: 'rule', id: episode.rule },
      action: 'flag.resolve',
      resource: toAuditResource(flagResource(stored.flag, registry)),
      outcome: 'done',
      details: { flag: id, to: 'resolved', reason },
    } as const;
    if (await flags.change(stored, result.flag, draft, besideOf(regionId, key, end))) return true;
  }
  return false;
}

const toActor = (rule: RuleId): Actor => ({ kind: 'rule', id: rule, name: rule });
