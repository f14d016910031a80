/**
 * For how long an area may be closed to everybody by somebody who says so. The law knows no such time; the numbers are
 * our judgment: a search or a talk with a relative is over by then, and whoever needs longer has to say so again.
 */

/** Longest time that one opening, or one extension, gives; minutes. */
export const GATE_MAX_MINUTES = 60;
/** Longest time from the opening, whatever the extensions; minutes. */
export const GATE_TOTAL_MINUTES = 240;
/** What a person is offered first; minutes. */
export const GATE_DEFAULT_MINUTES = 30;
