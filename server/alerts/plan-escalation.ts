import type { AlertReason } from '#contract/alerts.ts';
import type { Flag } from '#contract/flags.ts';
import type { RoleId } from '#contract/session.ts';
import type { EscalationStep } from '../../config/escalation/escalation.ts';
import { raisedAtMs } from '../flags/flag.ts';
import type { StepKey } from './alert-ids.ts';

/** A step that was taken, as far as the plan needs it. */
export interface TakenStep {
  key: StepKey;
  recipients: readonly string[];
}

/** A step that is to be taken now. */
export interface NextStep extends TakenStep {
  /** From 1; 0 for what was assigned. */
  step: number;
  reason: AlertReason;
  to: readonly RoleId[];
}

export interface EscalationPlan {
  take: NextStep[];
  /** When the next one is due if nobody answers, ms, and whom it tells. */
  next: { atMs: number; to: readonly RoleId[] } | undefined;
}

interface Circumstances {
  steps: readonly EscalationStep[];
  /** User names of those who have one of the roles where the flag is. */
  recipientsOf(to: readonly RoleId[]): readonly string[];
  nowMs: number;
}

/**
 * Who is to be told of a flag now, and when somebody will be next. Pure. A flag is answered as soon as it is more than
 * raised; whoever it is assigned to is told once. A step with nobody to tell is a step that nobody answers: what follows
 * it does not wait. A last step that comes again does so until somebody answers.
 */
export function planEscalation(
  flag: Flag,
  taken: readonly TakenStep[],
  { steps, recipientsOf, nowMs }: Circumstances,
): EscalationPlan {
  const known = new Map(taken.map((step) => [step.key, step]));
  if (flag.state !== 'raised') return { take: assigned(flag, known), next: undefined };
  const take: NextStep[] = [];
  let hasReached = false;
  for (const [index, { to, afterS }] of steps.entries()) {
    const step = index + 1;
    const key: StepKey = `step:${step}`;
    const before = known.get(key);
    if (before) {
      hasReached ||= before.recipients.length > 0;
      continue;
    }
    const dueMs = raisedAtMs(flag) + afterS * 1000;
    const isEarly = step > 1 && !hasReached;
    if (nowMs < dueMs && !isEarly) return { take, next: { atMs: dueMs, to } };
    const recipients = recipientsOf(to);
    const reason = step === 1 ? 'raised' : hasReached ? 'unanswered' : 'nobody';
    take.push({ key, step, reason, to, recipients });
    hasReached ||= recipients.length > 0;
  }
  return again(flag, { take, next: undefined }, known, { steps, recipientsOf, nowMs });
}

/** The last step once more, if it comes again. Times that were missed while no replica lived are not made up for. */
function again(
  flag: Flag,
  plan: EscalationPlan,
  known: ReadonlyMap<string, TakenStep>,
  { steps, recipientsOf, nowMs }: Circumstances,
): EscalationPlan {
  const last = steps.at(-1);
  if (last?.againEveryS === undefined) return plan;
  const { to, afterS, againEveryS } = last;
  const firstMs = raisedAtMs(flag) + afterS * 1000;
  const everyMs = againEveryS * 1000;
  const times = Math.max(0, Math.floor((nowMs - firstMs) / everyMs));
  const next = { atMs: firstMs + (times + 1) * everyMs, to };
  const step = steps.length + times;
  const key: StepKey = `step:${step}`;
  if (times === 0 || known.has(key) || plan.take.length > 0) return { take: plan.take, next };
  return { take: [{ key, step, reason: 'unanswered', to, recipients: recipientsOf(to) }], next };
}

function assigned(flag: Flag, known: ReadonlyMap<string, TakenStep>): NextStep[] {
  const assignee = flag.history.at(-1)?.assignee;
  const key: StepKey = `assigned:${flag.version}`;
  if (flag.state !== 'assigned' || assignee === undefined || known.has(key)) return [];
  return [{ key, step: 0, reason: 'assigned', to: [], recipients: [assignee] }];
}
