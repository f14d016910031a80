import { z } from 'zod';
import { Standing } from '#contract/clocks.ts';
import { NormSlug, Person } from '#contract/custody-details.ts';
import { CASE_EVENT_TYPES } from '#contract/custody-events.ts';
import { Instant, LocalText } from '#contract/ids.ts';

const CaseEventType = z.enum(CASE_EVENT_TYPES);
const Types = z.array(CaseEventType).min(1);
const DAY_MINUTES = 24 * 60;
const Minutes = z
  .int()
  .min(1)
  .max(366 * DAY_MINUTES);
const judgment = z.literal('judgment');

/** What a rule is called, and what it rests on. Every rule of every norm has it. */
const rule = {
  id: NormSlug,
  label: LocalText,
  /** In a word or two, for where there is no room for more. @default `label` */
  short: LocalText.optional(),
  /** Article and what it says. */
  source: LocalText,
  /** Where it was read; null if nowhere: general knowledge and judgment. */
  address: z.url().nullable(),
  standing: Standing,
  /** What is not certain about it. */
  note: LocalText.optional(),
  /** The rule that its end raises in the place of those of deadlines: what is reviewed, and calls nobody. */
  atEnd: z.literal('care-missed').optional(),
};

/** Facts of a case on which it depends whether a limit applies; each as in `CaseFacts`. */
export const When = z.strictObject({
  minor: z.boolean().optional(),
  foreigner: z.boolean().optional(),
  /** Was said to be under the influence at any time of the case. */
  arrivedIntoxicated: z.boolean().optional(),
  /** Is under the influence now. */
  intoxicated: z.boolean().optional(),
  needsAppropriateAdult: z.boolean().optional(),
  specialService: z.boolean().optional(),
  /** Under observation of level 2, 3 or 4, as last assessed; level 1 is the ordinary one. */
  intermittentObservation: z.boolean().optional(),
  constantObservation: z.boolean().optional(),
  closeProximity: z.boolean().optional(),
  /** Held on a judge's ruling. */
  onRuling: z.boolean().optional(),
});
export type When = z.infer<typeof When>;

/** A span of time that stops a limit's clock; `anchor`: from the beginning. */
const Pause = z.strictObject({ from: z.union([CaseEventType, z.literal('anchor')]), until: CaseEventType });

/** How far a decision can move a limit's end; the decision must fall before the end that it moves. */
const Grant = z.strictObject({
  /** Ground of the `EXTENSION_GRANTED` event. */
  ground: NormSlug,
  label: LocalText,
  source: LocalText,
  address: z.url().nullable(),
  standing: Standing,
  /** The end is never later than so long after the anchor; null: the decision alone says. */
  mostMinutes: Minutes.nullable(),
  /** Nor later than so long after the decision. */
  spanMinutes: Minutes.optional(),
});
export type Grant = z.infer<typeof Grant>;

const applies = {
  when: When.optional(),
  /** Applies once an extension on this ground was granted. */
  ground: NormSlug.optional(),
  /**
   * Limits of the same set that stand for it: while one of them runs and is due no later, this one is counted and has no
   * clock of its own on the wall.
   */
  behind: z.array(NormSlug).min(1).max(4).optional(),
};

/** How much time a case may take from one event to another. */
export const Deadline = z.strictObject({
  kind: z.literal('deadline'),
  ...rule,
  ...applies,
  /** The clock starts with the earliest event of these types. */
  anchor: Types,
  minutes: Minutes,
  /** The clock is met by the first event of these types at or after its anchor; leaving custody ends it anyhow. */
  metBy: Types,
  pauses: z.array(Pause).max(8),
  grants: z.array(Grant).max(8).default([]),
});
export type Deadline = z.infer<typeof Deadline>;

/** What has to be done at once. How long "at once" may take, no law says: the grace is ours, and can be configured. */
export const Duty = z.strictObject({
  kind: z.literal('duty'),
  ...rule,
  ...applies,
  anchor: Types,
  /** Done is done, also when it was done before. */
  metBy: Types,
  graceMinutes: Minutes,
  graceStanding: judgment,
});
export type Duty = z.infer<typeof Duty>;

/** What has to be done again and again while the person is held. */
export const Review = z.strictObject({
  kind: z.literal('review'),
  ...rule,
  ...applies,
  anchor: Types,
  doneBy: Types,
  firstMinutes: Minutes,
  /** From each to the next. */
  thenMinutes: Minutes,
  /** Each is held against the one that many before it: three in any 24 hours. @default 1 */
  times: z.int().min(1).max(8).optional(),
  /** It is done only by going on for so long, from this event on, without any of those that break it. */
  lasting: z
    .strictObject({ from: CaseEventType, minutes: Minutes, brokenBy: z.array(CaseEventType).max(8) })
    .optional(),
  /** After these nothing has to be done again. */
  endedBy: z.array(CaseEventType).max(8),
  pauses: z.array(Pause).max(8),
});
export type Review = z.infer<typeof Review>;

/** How long something may go on: in all on a day of the nation's calendar, or without a break. */
export const Accumulation = z
  .strictObject({
    kind: z.literal('accumulation'),
    ...rule,
    ...applies,
    from: CaseEventType,
    until: CaseEventType,
    minutes: z
      .int()
      .min(1)
      .max(20 * 60),
    per: z.enum(['day', 'unbroken']),
    /** A break that is shorter is none. No law gives the figure. */
    shortestBreak: z.strictObject({ minutes: z.int().min(1).max(240), standing: judgment }).optional(),
  })
  .refine(({ per, shortestBreak }) => (per === 'unbroken') === (shortestBreak !== undefined), {
    error: 'a shortest break belongs to what is unbroken',
    path: ['shortestBreak'],
  });
export type Accumulation = z.infer<typeof Accumulation>;

/** How often somebody looks after a person in an area. Kept by checks of the area, not by events of the case. */
export const Check = z.strictObject({
  kind: z.literal('check'),
  ...rule,
  when: When.optional(),
  minutes: z.int().min(1).max(DAY_MINUTES),
});
export type Check = z.infer<typeof Check>;

export const Limit = z.discriminatedUnion('kind', [Deadline, Duty, Review, Accumulation, Check]);
export type Limit = z.infer<typeof Limit>;

/** How late something may be written down and still count as done in time. No body of norms names a figure. */
export const Tolerance = z.strictObject({
  minutes: z.int().min(0).max(240),
  source: LocalText,
  address: z.url().nullable(),
  standing: Standing,
});
export type Tolerance = z.infer<typeof Tolerance>;

/** Fractions of a limit at which its clock turns amber and red. */
const Warnings = z
  .strictObject({
    amber: z.number().gt(0).lt(1),
    red: z.number().gt(0).lt(1),
    /** No source gives these figures. */
    standing: judgment,
  })
  .refine(({ amber, red }) => amber < red, { error: 'amber must come before red', path: ['amber'] });

const dated = {
  id: NormSlug,
  version: z.int().min(1),
  name: LocalText,
  validFrom: Instant,
  /** The first instant at which the set is no longer valid; null while it is in force. */
  validTo: Instant.nullable(),
  /** What is not certain about the set as a whole. */
  note: LocalText.optional(),
};

function isInOrder({ validFrom, validTo }: { validFrom: string; validTo: string | null }): boolean {
  return validTo === null || Date.parse(validFrom) < Date.parse(validTo);
}
const outOfOrder = { error: 'validTo must be after validFrom', path: ['validTo'] };

/** Limits of one body of norms, as they stood in a span of time. A case uses the sets that were valid at its anchor. */
export const NormSet = z
  .strictObject({
    ...dated,
    /** Whom the set is for. */
    regime: z.union([Person.shape.regime, z.literal('any')]),
    /** Never holds by itself: only for a case to which it was applied by name. These ordinary lines are then in its shadow. */
    overlay: z
      .strictObject({
        shadows: z
          .array(z.strictObject({ normSet: NormSlug, limit: NormSlug }))
          .min(1)
          .max(20),
      })
      .optional(),
    warnings: Warnings,
    limits: z.array(Limit).min(1).max(40),
  })
  .refine(isInOrder, outOfOrder)
  .refine(({ limits }) => new Set(limits.map(({ id }) => id)).size === limits.length, {
    error: 'a limit occurs twice',
    path: ['limits'],
  });
export type NormSet = z.infer<typeof NormSet>;

/** Lines of space per person. */
export const SpaceNorms = z
  .strictObject({
    ...dated,
    lines: z
      .array(
        z.strictObject({
          ...rule,
          /** Below this much net area per person in m². */
          belowM2: z.number().positive().max(50),
          /** Only where the area has one place. */
          singleOnly: z.boolean().optional(),
          level: z.enum(['note', 'amber', 'red']),
          /** Whether an area that is below it is flagged as overcrowded. Of lines that say the same, the one that is shown decides. */
          isFlagged: z.boolean(),
        }),
      )
      .min(1)
      .max(20),
  })
  .refine(isInOrder, outOfOrder);
export type SpaceNorms = z.infer<typeof SpaceNorms>;

/** What a person is, for separation; each as last stated of them. */
const Group = z
  .strictObject({
    sex: Person.shape.sex.optional(),
    minor: z.boolean().optional(),
    regime: Person.shape.regime.optional(),
    convicted: z.boolean().optional(),
    lifeSentenced: z.boolean().optional(),
  })
  .refine((group) => Object.keys(group).length > 0, { error: 'says nothing' });
export type Group = z.infer<typeof Group>;

/** Who may not be held together, in areas of the kind `cell`. */
export const SeparationNorms = z
  .strictObject({
    ...dated,
    rules: z
      .array(z.strictObject({ ...rule, these: Group, apartFrom: Group }))
      .min(1)
      .max(20),
  })
  .refine(isInOrder, outOfOrder);
export type SeparationNorms = z.infer<typeof SeparationNorms>;
