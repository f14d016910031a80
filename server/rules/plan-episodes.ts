import type { Rule, RuleId } from '../../config/rules/rule.ts';
import type { Episode, Finding } from './finding.ts';

/** What is to be done about one occurrence. `after` takes the episode's place; without it, the episode is over. */
export interface EpisodeStep {
  key: string;
  before: Episode | undefined;
  after: Episode | undefined;
  flag?: { kind: 'raise'; finding: Finding } | { kind: 'resolve' };
}

/** What a wait is called among occurrences; it raises nothing itself. */
const WAIT = 'wait:';
/** A wait whose finding is not seen any more counts for so long when it is seen again. */
const WAIT_KEPT_MS = 60 * 60_000;

export interface EpisodePlan {
  steps: EpisodeStep[];
  /** When to look again though nothing changes; milliseconds since the epoch. */
  nextAtMs: number | undefined;
}

/**
 * What follows from what is seen now, given the occurrences that are known. Pure. An occurrence begins when something is
 * first seen, raises its flag when it has been seen for long enough, and is over when it has been gone for long enough.
 * Findings that share a wait (`waitFor`) have been seen since the first of them was.
 */
export function planEpisodes(
  known: ReadonlyMap<string, Episode>,
  findings: readonly Finding[],
  { rules, nowMs }: { rules: ReadonlyMap<RuleId, Rule>; nowMs: number },
): EpisodePlan {
  const seen = new Map(findings.map((finding) => [finding.key, finding]));
  const waits = new Set<string>();
  const steps: EpisodeStep[] = [];
  let nextAtMs: number | undefined;
  const lookAt = (ms: number) => {
    nextAtMs = Math.min(nextAtMs ?? ms, ms);
  };
  for (const finding of seen.values()) {
    const rule = rules.get(finding.rule);
    if (!rule) continue;
    const before = known.get(finding.key);
    const { goneSince: _, ...present } = before ?? begin(finding, nowMs);
    const wait = present.raised ? undefined : waitOf(finding, known, nowMs);
    if (wait && !waits.has(wait.key)) {
      waits.add(wait.key);
      if (!wait.before || wait.before.goneSince !== undefined) steps.push(wait);
    }
    const sinceMs = Math.min(Date.parse(present.since), Date.parse(wait?.after.since ?? present.since));
    const dueMs = sinceMs + rule.raiseAfterS * 1000;
    const isDue = !present.raised && nowMs >= dueMs;
    if (!present.raised && !isDue) lookAt(dueMs);
    if (before && !isDue && before.goneSince === undefined) continue;
    steps.push({
      key: finding.key,
      before,
      after: isDue ? { ...present, since: sinceOf(finding, present), raised: true } : present,
      ...(isDue ? { flag: { kind: 'raise', finding } } : {}),
    });
  }
  for (const [key, before] of known) {
    if (seen.has(key) || waits.has(key)) continue;
    const rule = rules.get(before.rule);
    const goneSince = before.goneSince ?? new Date(nowMs).toISOString();
    const clearMs = before.raised && rule ? rule.clearAfterS * 1000 : 0;
    const overMs = Date.parse(goneSince) + (key.startsWith(WAIT) ? WAIT_KEPT_MS : clearMs);
    if (nowMs < overMs) {
      lookAt(overMs);
      if (before.goneSince === undefined) steps.push({ key, before, after: { ...before, goneSince } });
      continue;
    }
    const resolves = before.raised && rule?.clearedBy === 'itself';
    steps.push({ key, before, after: undefined, ...(resolves ? { flag: { kind: 'resolve' } } : {}) });
  }
  return { steps, nextAtMs };
}

function begin(finding: Finding, nowMs: number): Episode {
  const { rule, areaId, facilityId, sinceMs, waitsFromSeen } = finding;
  const place = areaId === undefined ? { facilityId } : { areaId };
  const sinceAtMs = waitsFromSeen ? nowMs : (sinceMs ?? nowMs);
  return { rule, ...place, since: new Date(sinceAtMs).toISOString(), raised: false };
}

/** The wait that a finding shares, as it goes on. */
function waitOf(finding: Finding, known: ReadonlyMap<string, Episode>, nowMs: number) {
  if (finding.waitFor === undefined) return undefined;
  const key = `${WAIT}${finding.rule}:${finding.waitFor}`;
  const before = known.get(key);
  const { goneSince: _, ...after } = before ?? begin(finding, nowMs);
  return { key, before, after };
}

/** Since when an occurrence is, once its flag is raised: what waited from when it was seen has the time that it says itself. */
function sinceOf({ waitsFromSeen, sinceMs }: Finding, { since }: Episode): string {
  return waitsFromSeen && sinceMs !== undefined ? new Date(sinceMs).toISOString() : since;
}
