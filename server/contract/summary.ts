import { z } from 'zod';
import { clockStateNow, createMoment } from './clocks.ts';
import { type FeedStatus, isBlindFeed } from './feeds.ts';
import type { Flag } from './flags.ts';
import { Instant } from './ids.ts';
import type { Area } from './nation.ts';
import type { AreaStatus } from './status.ts';

const count = z.int().min(0);

/** What is live in some areas, added up. */
export const LiveSummary = z.object({
  areas: count,
  /** Areas with anybody inside. */
  occupied: count,
  headcount: count,
  /** Areas with more people than places. */
  overCapacity: count,
  /** Areas with somebody inside whom no camera shows, and that are not confidential. */
  dark: count,
  checksOverdue: count,
  /** Clocks that press somebody, by state; none of those that stand in the shadow of another. */
  clocks: z.object({ amber: count, red: count, breached: count }),
  /** Open flags by severity, those on whole facilities too. */
  flags: z.object({ '1': count, '2': count, '3': count, '4': count }),
  /** The least room that anybody has, in m² a person; null where nobody is held. */
  leastM2: z.number().nullable(),
  /** When the last event that touched one of the areas was recorded; null while none has. */
  updatedAt: Instant.nullable(),
});
export type LiveSummary = z.infer<typeof LiveSummary>;

/** The summary of no areas: what every sum begins with. */
export const NOTHING_LIVE: LiveSummary = {
  areas: 0,
  occupied: 0,
  headcount: 0,
  overCapacity: 0,
  dark: 0,
  checksOverdue: 0,
  clocks: { amber: 0, red: 0, breached: 0 },
  flags: { '1': 0, '2': 0, '3': 0, '4': 0 },
  leastM2: null,
  updatedAt: null,
};

/** An area with what is known of it; undefined where nothing is. */
interface AreaNow {
  area: Pick<Area, 'feeds'>;
  status: AreaStatus | undefined;
  feedOf(feedId: string): FeedStatus | undefined;
}

/** What is live in one area at an instant (milliseconds since the epoch), without its flags. */
export function summaryOfArea({ area, status, feedOf }: AreaNow, nowMs: number): LiveSummary {
  if (!status) return { ...NOTHING_LIVE, areas: 1 };
  const { headcount, clocks, space, nextCheckDueAt, confidentialSince, updatedAt } = status;
  const now = createMoment(nowMs);
  const states = clocks.flatMap((clock) => (clock.shadowed ? [] : [clockStateNow(clock, now)]));
  const among = (state: (typeof states)[number]) => states.filter((one) => one === state).length;
  const isOccupied = headcount > 0;
  const isDark =
    isOccupied &&
    confidentialSince === null &&
    area.feeds.every((feed) => isBlindFeed(feed, feedOf(feed.id)));
  return {
    areas: 1,
    occupied: isOccupied ? 1 : 0,
    headcount,
    overCapacity: space?.overCapacity ? 1 : 0,
    dark: isDark ? 1 : 0,
    checksOverdue: isOccupied && nextCheckDueAt !== null && Date.parse(nextCheckDueAt) <= nowMs ? 1 : 0,
    clocks: { amber: among('amber'), red: among('red'), breached: among('breached') },
    flags: NOTHING_LIVE.flags,
    leastM2: space?.m2PerPerson ?? null,
    updatedAt,
  };
}

/** What some open flags add to a summary. */
export function summaryOfFlags(flags: Iterable<Pick<Flag, 'severity'>>): LiveSummary {
  const bySeverity = { ...NOTHING_LIVE.flags };
  for (const { severity } of flags) bySeverity[severity] += 1;
  return { ...NOTHING_LIVE, flags: bySeverity };
}

/** Two summaries as one. In whatever order and grouping many are added, the sum is the same. */
export function addSummaries(a: LiveSummary, b: LiveSummary): LiveSummary {
  return {
    areas: a.areas + b.areas,
    occupied: a.occupied + b.occupied,
    headcount: a.headcount + b.headcount,
    overCapacity: a.overCapacity + b.overCapacity,
    dark: a.dark + b.dark,
    checksOverdue: a.checksOverdue + b.checksOverdue,
    clocks: {
      amber: a.clocks.amber + b.clocks.amber,
      red: a.clocks.red + b.clocks.red,
      breached: a.clocks.breached + b.clocks.breached,
    },
    flags: {
      '1': a.flags['1'] + b.flags['1'],
      '2': a.flags['2'] + b.flags['2'],
      '3': a.flags['3'] + b.flags['3'],
      '4': a.flags['4'] + b.flags['4'],
    },
    leastM2:
      a.leastM2 === null || b.leastM2 === null ? (a.leastM2 ?? b.leastM2) : Math.min(a.leastM2, b.leastM2),
    updatedAt: later(a.updatedAt, b.updatedAt),
  };
}

function later(a: Instant | null, b: Instant | null): Instant | null {
  if (a === null || b === null) return a ?? b;
  return Date.parse(a) >= Date.parse(b) ? a : b;
}
