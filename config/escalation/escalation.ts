import { z } from 'zod';
import type { Severity } from '#contract/flags.ts';
import { Instant, LocalText, RegionId } from '#contract/ids.ts';
import { RoleId } from '#contract/session.ts';

/** Who is told, and how long after the flag was raised if nobody has answered it until then. */
export const EscalationStep = z.strictObject({
  to: z.array(RoleId).min(1).max(6),
  /** Seconds since the flag was raised. */
  afterS: z.int().min(0).max(604_800),
  /** The last step only: they are told again so often (seconds) until somebody answers. */
  againEveryS: z.int().min(60).max(86_400).optional(),
});
export type EscalationStep = z.infer<typeof EscalationStep>;

const Steps = z
  .array(EscalationStep)
  .max(10)
  .refine((steps) => steps.every(({ afterS }, index) => afterS >= (steps[index - 1]?.afterS ?? 0)), {
    message: 'steps follow each other in time',
  })
  .refine((steps) => steps.slice(0, -1).every(({ againEveryS }) => againEveryS === undefined), {
    message: 'only the last step comes again',
  });

/** Level 1 waits for nobody, and is never left alone: whatever else is set, it begins at once and does not end unanswered. */
const AtOnce = Steps.refine(([first]) => first?.afterS === 0, {
  message: 'level 1 has a first step, and that is at once',
}).refine((steps) => steps.at(-1)?.againEveryS !== undefined, {
  message: 'the last step of level 1 comes again until somebody answers',
});

/** The steps of each level. */
const Levels = z.strictObject({ '1': AtOnce, '2': Steps, '3': Steps, '4': Steps });

/** An order of escalation, from when on it holds. A flag goes by the one that held when it was raised. */
export const EscalationSet = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
    .max(64),
  validFrom: Instant,
  /** What the minutes rest on. No source gives any: they are a judgment, and say so. */
  standing: z.enum(['law', 'guidance', 'judgment']),
  note: LocalText,
  levels: Levels,
  /** Levels that go another way in a region. */
  regions: z.record(RegionId, Levels.partial()).optional(),
});
export type EscalationSet = z.infer<typeof EscalationSet>;

/** All sets that ever held, oldest first. */
export const EscalationSets = z
  .array(EscalationSet)
  .min(1)
  .max(100)
  .refine(
    (sets) =>
      sets.every(
        ({ validFrom }, index) =>
          index === 0 || Date.parse(validFrom) > Date.parse(sets[index - 1]?.validFrom ?? ''),
      ),
    { message: 'sets follow each other in time' },
  );
export type EscalationSets = z.infer<typeof EscalationSets>;

/** The steps for a flag of a level in a region that was raised at an instant (ms); before the first set, that one holds. */
export function escalationOf(
  sets: readonly EscalationSet[],
  { regionId, severity, raisedAtMs }: { regionId: RegionId; severity: Severity; raisedAtMs: number },
): readonly EscalationStep[] {
  const set = sets.findLast(({ validFrom }) => Date.parse(validFrom) <= raisedAtMs) ?? sets[0];
  return set?.regions?.[regionId]?.[severity] ?? set?.levels[severity] ?? [];
}

/**
 * The roles that are told first of whatever happens in a region: those of the first step of every level that has steps,
 * and where no role is in all of them, of any. By the set that holds at an instant (ms).
 */
export function firstToldOf(
  sets: readonly EscalationSet[],
  { regionId, atMs }: { regionId: RegionId; atMs: number },
): readonly RoleId[] {
  const first = ([1, 2, 3, 4] as const).flatMap((severity) => {
    const [step] = escalationOf(sets, { regionId, severity, raisedAtMs: atMs });
    return step ? [new Set(step.to)] : [];
  });
  const any = [...new Set(first.flatMap((roles) => [...roles]))];
  const always = any.filter((role) => first.every((roles) => roles.has(role)));
  return always.length > 0 ? always : any;
}

/** Everybody whom any of the sets tells of anything. */
export function rolesOf(sets: readonly EscalationSet[]): ReadonlySet<RoleId> {
  const roles = new Set<RoleId>();
  for (const { levels, regions = {} } of sets)
    for (const one of [levels, ...Object.values(regions)])
      for (const steps of [one['1'], one['2'], one['3'], one['4']])
        for (const { to } of steps ?? []) for (const role of to) roles.add(role);
  return roles;
}
