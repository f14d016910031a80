import type { Flag, FlagCategory } from '#contract/flags.ts';

/**
 * Of which flags a still and a clip are taken by themselves. A picture is kept of people who cannot consent to it, so it
 * has to tell something: a clip of an overdue form tells nothing. What is not here can be asked for, with a reason. The
 * choice is our judgment, not law.
 */
export const CLIPPED_FLAGS = {
  /** Raised by a person: whatever they saw, they saw it. */
  people: { severities: [1, 2, 3, 4] },
  /** Raised by a rule: where somebody may be harmed, and the picture may show how. */
  rules: {
    severities: [1, 2],
    categories: ['self-harm', 'medical', 'force', 'restraint', 'separation', 'missed-check', 'other'],
  },
} as const satisfies {
  people: { severities: readonly number[] };
  rules: { severities: readonly number[]; categories: readonly FlagCategory[] };
};

/** Whether a still and a clip are taken when this flag is raised. */
export function isClipped({ category, severity, history }: Flag): boolean {
  const { people, rules } = CLIPPED_FLAGS;
  if (history[0]?.by.kind === 'person') return people.severities.some((one) => one === severity);
  return rules.severities.some((one) => one === severity) && rules.categories.some((one) => one === category);
}
