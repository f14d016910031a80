import { z } from 'zod';
import { CaseId, Instant } from './ids.ts';

/**
 * What a figure rests on: a law in force, official guidance, what is merely generally known, or our own judgment. The
 * last two are never shown as law, and nothing that rests on them is ever "breached".
 */
export const Standing = z.enum(['law', 'guidance', 'general-knowledge', 'judgment']);
export type Standing = z.infer<typeof Standing>;

/**
 * A limit in time for one person, from its anchor to its due instant. The levels are instants, so that anybody with a
 * clock can tell the state at any moment without asking (see `clockStateAt`). What is absent is the ordinary case.
 */
export const Clock = z.strictObject({
  /** Norm set and limit, such as `ua-cpc` and `court`. */
  normSet: z.string().max(40),
  limit: z.string().max(40),
  caseId: CaseId,
  /**
   * `duty`: to be done at once, the time is a grace. `review`: comes again and again, this is the next one.
   * `accumulation`: what is going on now may last until then. @default a limit that is met once
   */
  kind: z.enum(['duty', 'review', 'accumulation']).optional(),
  /** What the due instant rests on. @default law */
  standing: Standing.exclude(['law']).optional(),
  /** Another norm holds in its place for this case; the line stays visible, in grey. */
  shadowed: z.literal(true).optional(),
  /** The ground of the extension that moved the due instant. */
  ground: z.string().max(40).optional(),
  anchorAt: Instant,
  amberAt: Instant,
  redAt: Instant,
  /** While the clock stands, when it would be due if it went on at `pausedAt`: what remains is their difference. */
  dueAt: Instant,
  /** Set while the clock stands still. */
  pausedAt: Instant.optional(),
});
export type Clock = z.infer<typeof Clock>;

export const ClockState = z.enum(['ok', 'amber', 'red', 'breached', 'paused']);
export type ClockState = z.infer<typeof ClockState>;

/** The state of a clock at an instant (milliseconds since the epoch). What is not law or guidance is at worst red. */
export function clockStateAt(clock: Clock, nowMs: number): ClockState {
  return clockStateNow(clock, createMoment(nowMs));
}

/** An instant with which many others are compared. */
export interface Moment {
  ms: number;
  /** As `toISOString` writes it. */
  at: Instant;
}

export function createMoment(ms: number): Moment {
  return { ms, at: new Date(ms).toISOString() };
}

/** As {@link clockStateAt}, for who asks it of a hundred thousand clocks. */
export function clockStateNow(clock: Clock, now: Moment): ClockState {
  const { pausedAt, dueAt } = clock;
  if (pausedAt !== undefined && compareInstants(pausedAt, dueAt) < 0) return 'paused';
  if (isReached(dueAt, now)) return isBinding(clock) ? 'breached' : 'red';
  if (isReached(clock.redAt, now)) return 'red';
  return isReached(clock.amberAt, now) ? 'amber' : 'ok';
}

/** Length of what `toISOString` writes for the years 0 to 9999, the form of every instant that we derive. */
const CANONICAL_LENGTH = 24;

/** Instants of that form stand in the order of their text, and comparing text is much cheaper than parsing it. */
function isCanonical(instant: Instant): boolean {
  return instant.length === CANONICAL_LENGTH && instant.endsWith('Z');
}

function isReached(instant: Instant, now: Moment): boolean {
  return isCanonical(instant) ? instant <= now.at : Date.parse(instant) <= now.ms;
}

/** Negative when the first is earlier. */
export function compareInstants(a: Instant, b: Instant): number {
  if (isCanonical(a) && isCanonical(b)) return a < b ? -1 : a > b ? 1 : 0;
  return Date.parse(a) - Date.parse(b);
}

/** Time that a clock still gives at an instant (milliseconds since the epoch); negative when it is over. */
export function remainingMsAt(clock: Clock, nowMs: number): number {
  const standsAtMs = clock.pausedAt === undefined ? nowMs : Math.min(nowMs, Date.parse(clock.pausedAt));
  return Date.parse(clock.dueAt) - standsAtMs;
}

/** Whether the due instant is one that law or guidance sets. */
export function isBinding({ standing }: Pick<Clock, 'standing'>): boolean {
  return standing === undefined || standing === 'guidance';
}

const URGENCY: Record<ClockState, number> = { breached: 0, red: 1, amber: 2, ok: 3, paused: 4 };
const SHADOWED = 5;

/** A number for comparing clocks: the smaller, the more pressing. A clock in the shadow of another presses nobody. */
export function clockUrgency(clock: Clock, nowMs: number): number {
  return urgencyNow(clock, createMoment(nowMs));
}

function urgencyNow(clock: Clock, now: Moment): number {
  return clock.shadowed ? SHADOWED : URGENCY[clockStateNow(clock, now)];
}

/** The clock that needs somebody first: worst state, then the nearest due instant. None of those in shadow. */
export function mostUrgentClock(clocks: readonly Clock[], nowMs: number): Clock | undefined {
  return mostUrgentNow(clocks, createMoment(nowMs));
}

/** As {@link mostUrgentClock}, for who asks it of many areas. */
export function mostUrgentNow(clocks: readonly Clock[], now: Moment): Clock | undefined {
  let best: Clock | undefined;
  let bestUrgency = Infinity;
  for (const clock of clocks) {
    if (clock.shadowed) continue;
    const urgency = urgencyNow(clock, now);
    if (urgency > bestUrgency) continue;
    if (best && urgency === bestUrgency && compareInstants(clock.dueAt, best.dueAt) >= 0) continue;
    best = clock;
    bestUrgency = urgency;
  }
  return best;
}

/** Clocks with the most urgent first, as of an instant (milliseconds since the epoch). The order is total. */
export function byUrgency(clocks: readonly Clock[], nowMs: number): Clock[] {
  if (clocks.length < 2) return [...clocks];
  const now = createMoment(nowMs);
  const keyed = clocks.map((clock) => ({
    clock,
    rank: urgencyNow(clock, now),
    key: `${clock.dueAt} ${clock.caseId} ${clock.normSet} ${clock.limit}`,
  }));
  return keyed.sort((a, b) => a.rank - b.rank || (a.key < b.key ? -1 : 1)).map(({ clock }) => clock);
}
