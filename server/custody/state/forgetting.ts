import type { CaseId, EventId } from '#contract/ids.ts';
import type { CaseView } from './case-view.ts';
import type { Correction } from './corrections.ts';

const HOUR_MS = 3_600_000;
/** How long a closed case is kept whole, for corrections of its end. */
const CLOSED_KEPT_MS = 72 * HOUR_MS;
const MAX_CLOSED = 500;
/** A case that is neither placed nor closed, and of which nothing has come for so long, is forgotten. */
const IDLE_KEPT_MS = 30 * 24 * HOUR_MS;
/** Open cases. Far more than any facility holds; beyond it its system has lost its mind, and the least alive give way. */
const MAX_OPEN = 3_000;
const OPEN_AFTER_FLOOD = 2_700;
/** More than remain after forgetting, so that a flood is not looked through with every event. */
const MAX_CASES = MAX_OPEN + MAX_CLOSED + 100;
const MAX_TOMBSTONES = 10_000;
/** Of more corrections the oldest are forgotten, and what they made void is forgotten with them. */
const MAX_CORRECTIONS = 2_000;

interface Held {
  views: ReadonlyMap<CaseId, CaseView>;
  tombstones: ReadonlyMap<CaseId, number>;
  corrections: ReadonlyMap<EventId, Correction>;
}

/** What is kept no longer. The stream has it all; this bounds what every replica carries about. */
export interface Forgotten {
  /** Closed cases of which a tombstone remains. */
  closed: readonly CaseView[];
  /** Cases of which nothing remains. */
  dropped: readonly CaseView[];
  tombstones: readonly CaseId[];
  corrections: readonly EventId[];
}

/**
 * Whether it is time to forget between one event and the next, by when they were received (milliseconds since the
 * epoch) or because there are too many cases. Depends on the events alone, so that a rebuilt state equals the live one.
 */
export function isTimeToForget(watermarkMs: number, receivedMs: number, cases: number): boolean {
  const newHour = watermarkMs > 0 && Math.floor(receivedMs / HOUR_MS) > Math.floor(watermarkMs / HOUR_MS);
  return newHour || cases > MAX_CASES;
}

/** Chooses what to forget at an instant. */
export function chooseForgotten(held: Held, nowMs: number): Forgotten {
  const views = [...held.views.values()];
  const closed = oldestFirst(
    views.filter(({ closedAtMs }) => closedAtMs !== null),
    ({ closedAtMs }) => closedAtMs ?? 0,
    ({ caseId }) => caseId,
  ).filter(
    ({ closedAtMs }, index, all) =>
      (closedAtMs ?? 0) < nowMs - CLOSED_KEPT_MS || index < all.length - MAX_CLOSED,
  );
  const idle = views.filter(
    ({ closedAtMs, place, lastRecordedAt }) =>
      closedAtMs === null && place === null && lastRecordedAt < nowMs - IDLE_KEPT_MS,
  );
  const gone = new Set([...closed, ...idle]);
  const open = views.filter((view) => view.closedAtMs === null && !gone.has(view));
  const flood = open.length > MAX_OPEN ? leastAlive(open).slice(0, open.length - OPEN_AFTER_FLOOD) : [];
  return {
    closed,
    dropped: [...idle, ...flood],
    tombstones: excess(
      [...held.tombstones, ...closed.map(({ caseId, closedAtMs }) => [caseId, closedAtMs ?? 0] as const)],
      MAX_TOMBSTONES,
      ([, closedAtMs]) => closedAtMs,
      ([caseId]) => caseId,
    ).map(([caseId]) => caseId),
    corrections: excess(
      [...held.corrections.values()],
      MAX_CORRECTIONS,
      ({ recordedAt }) => recordedAt,
      ({ id }) => id,
    ).map(({ id }) => id),
  };
}

/** Those without a place first, then those of which nothing was recorded for longest. */
function leastAlive(views: readonly CaseView[]): CaseView[] {
  const byAge = oldestFirst(
    views,
    ({ lastRecordedAt }) => lastRecordedAt,
    ({ caseId }) => caseId,
  );
  return [...byAge.filter(({ place }) => place === null), ...byAge.filter(({ place }) => place !== null)];
}

function excess<T>(items: readonly T[], most: number, at: (item: T) => number, id: (item: T) => string): T[] {
  return items.length > most ? oldestFirst(items, at, id).slice(0, items.length - most) : [];
}

function oldestFirst<T>(items: readonly T[], at: (item: T) => number, id: (item: T) => string): T[] {
  return items.toSorted((a, b) => at(a) - at(b) || (id(a) < id(b) ? -1 : 1));
}
