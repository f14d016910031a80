/**
 * When what is covered of a picture may be seen. Our judgment: the CPT asks that toilets are not watched, and that somebody
 * who may take their own life is not left alone.
 */

/** The person has to be under constant observation at least, see `observationLevel` of `RISK_ASSESSED`. */
export const MASK_LIFT_LEVEL = 3;
/** Longest time of one decision; minutes. */
export const MASK_LIFT_MAX_MINUTES = 30;
/** What is offered first; minutes. */
export const MASK_LIFT_DEFAULT_MINUTES = 10;
