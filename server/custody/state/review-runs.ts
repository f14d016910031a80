import type { NormSet, Review } from '../../../config/norms/norm-set.ts';
import type { KeptEvent } from './kept-event.ts';
import type { BareRun } from './limit-run.ts';
import { pausesIn } from './pauses.ts';
import { toRun } from './to-run.ts';

const MINUTE_MS = 60_000;

/** Runs of what has to be done again and again: one for each time that it was done, and the next, if there is one. */
export function reviewRuns(limit: Review, events: readonly KeptEvent[], set: NormSet): BareRun[] {
  const anchor = events.find(({ type }) => limit.anchor.includes(type));
  if (!anchor) return [];
  const ended = events.find(({ type, at }) => at >= anchor.at && limit.endedBy.includes(type));
  const during = ended ? events.filter(({ at }) => at <= ended.at) : events;
  const { times = 1, lasting, firstMinutes, thenMinutes } = limit;
  const { doneMs, sinceMs } = doneIn(limit, during);
  const done = doneMs.filter((ms) => ms >= anchor.at);
  const runFrom = (anchorMs: number, minutes: number, metMs?: number) =>
    toRun({
      anchorMs,
      lengthMs: minutes * MINUTE_MS,
      pauses: pausesIn(
        limit.pauses,
        metMs === undefined ? during : during.filter(({ at }) => at <= metMs),
        anchorMs,
      ),
      set,
      met: metMs === undefined ? undefined : { at: metMs },
    });
  const runOf = (index: number, metMs?: number) =>
    index < times
      ? runFrom(anchor.at, firstMinutes, metMs)
      : runFrom(done[index - times] ?? anchor.at, thenMinutes, metMs);
  const runs = done.map((ms, index) => runOf(index, ms));
  if (ended) return runs;
  const next = runOf(done.length);
  // What goes on now will have lasted for long enough in time, if nothing breaks it: the one after it comes next.
  const isUnderWay =
    lasting !== undefined && sinceMs !== undefined && sinceMs + lasting.minutes * MINUTE_MS <= next.dueMs;
  return [...runs, isUnderWay ? runFrom(sinceMs, lasting.minutes + thenMinutes) : next];
}

/** When it was done, each time; and since when something goes on by which it may be. Milliseconds since the epoch. */
function doneIn(
  { doneBy, lasting }: Review,
  events: readonly KeptEvent[],
): { doneMs: number[]; sinceMs: number | undefined } {
  if (!lasting)
    return {
      doneMs: events.flatMap(({ type, at }) => (doneBy.includes(type) ? [at] : [])),
      sinceMs: undefined,
    };
  const doneMs: number[] = [];
  let sinceMs: number | undefined;
  for (const { type, at } of events) {
    if (sinceMs === undefined) {
      if (type === lasting.from) sinceMs = at;
    } else if (doneBy.includes(type) || lasting.brokenBy.includes(type)) {
      if (at - sinceMs >= lasting.minutes * MINUTE_MS) doneMs.push(at);
      sinceMs = undefined;
    }
  }
  return { doneMs, sinceMs };
}
