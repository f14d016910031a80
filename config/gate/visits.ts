import type { VisitKind } from '#contract/status.ts';

/**
 * For how long a visit keeps an area closed to everybody before it opens by itself. No law gives such a time: the
 * Ukrainian code sets no end to a confidential meeting with a lawyer, so whoever is there says that it goes on as often as
 * it does, and each time gives as much again. What the maximum is for is an end that nobody recorded: without it one
 * forgotten line, or a facility that wants to be dark, would close a cell for good. The numbers are our judgment.
 */
export const VISIT_MAX_MINUTES: Readonly<Record<VisitKind, number>> = {
  // A first meeting with the papers of a case takes half a day; most take less than an hour.
  lawyer: 240,
  // Who needs a doctor for longer is on the way to a hospital.
  medical: 60,
};
