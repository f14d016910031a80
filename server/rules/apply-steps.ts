import type { Actor, Flag } from '#contract/flags.ts';
import type { RegionId } from '#contract/ids.ts';
import type { Rule, RuleId } from '../../config/rules/rule.ts';
import { toAuditResource } from '../audit/audit.ts';
import { flagPlaceOf, flagResource, raiseFlag, stepFlag } from '../flags/flag.ts';
import type { FlagStore } from '../flags/flag-store.ts';
import type { Registry } from '../nation/registry.ts';
import type { EpisodeStore } from './episode-store.ts';
import { type Episode, type Finding, flagIdOf } from './finding.ts';
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
 * Does what a plan says about one occurrence. False when another replica was faster: then the plan is out of date.
 *
 * The occurrence is written before its flag, and is called raised after it. Whoever is killed in between leaves the flag
 * to be raised again under the same id, which changes nothing.
 */
export async function applyStep(regionId: RegionId, step: EpisodeStep, deps: StepDeps): Promise<boolean> {
  const { key, before, after, flag } = step;
  if (flag?.kind === 'raise' && after) {
    const begun: Episode = { ...after, raised: false };
    const isKept =
      before !== undefined ||
      (await deps.episodes.replace(regionId, key, { before: undefined, after: begun }));
    if (!isKept) return false;
    await raiseFor(flag.finding, after.since, deps);
    return deps.episodes.replace(regionId, key, { before: before ?? begun, after });
  }
  if (flag?.kind === 'resolve' && before) await resolve(regionId, { key, episode: before }, deps);
  return deps.episodes.replace(regionId, key, { before, after });
}

/** Raises the flag of an occurrence, unless it has been raised already. */
export async function raiseFor(finding: Finding, since: string, deps: StepDeps): Promise<void> {
  const { flags, registry, rules, now } = deps;
  const place = flagPlaceOf(finding, registry);
  const rule = rules.get(finding.rule);
  if (!place || !rule) return;
  const id = flagIdOf(finding.key, since);
  const body = { id, category: rule.category, severity: rule.severity, note: '' };
  const flag: Flag = {
    ...raiseFlag(body, place, toActor(rule.id), now()),
    rule: { id: rule.id, params: { ...finding.params } },
  };
  await flags.change(undefined, flag, {
    actor: { kind: 'rule', id: rule.id },
    action: 'flag.raise',
    resource: toAuditResource(flagResource(place, registry)),
    outcome: 'done',
    details: { flag: id, category: rule.category, severity: rule.severity, since },
  });
}

async function resolve(
  regionId: RegionId,
  { key, episode }: { key: string; episode: Episode },
  { flags, registry, now }: StepDeps,
): Promise<void> {
  const id = flagIdOf(key, episode.since);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const stored = await flags.find(id, [regionId]);
    if (!stored) return;
    const reason = `gone since ${episode.goneSince ?? new Date(now()).toISOString()}`;
    const result = stepFlag(stored.flag, { to: 'resolved', reason }, toActor(episode.rule), now());
    // Somebody has closed it already.
    if (result.kind !== 'changed') return;
    const done = await flags.change(stored, result.flag, {
      actor: { kind: 'rule', id: episode.rule },
      action: 'flag.resolve',
      resource: toAuditResource(flagResource(stored.flag, registry)),
      outcome: 'done',
      details: { flag: id, to: 'resolved', reason },
    });
    if (done) return;
  }
}

const toActor = (rule: RuleId): Actor => ({ kind: 'rule', id: rule, name: rule });
