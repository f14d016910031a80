import type { CaseEvent, StoredEvent } from '#contract/custody-events.ts';
import type { EventId } from '#contract/ids.ts';
import { fromCarried } from './carried-events.ts';
import { type CaseLog, withArrival, withEvent, withRecording } from './case-log.ts';
import { toKept } from './kept-event.ts';

interface How {
  /** The correction that puts it in the place of another event. */
  via: EventId | undefined;
  /** As it stands in the stream. */
  stored: Pick<StoredEvent, 'receivedAt' | 'carried'>;
  /** Types that clocks need to know. */
  keptTypes: Pick<ReadonlySet<CaseEvent['type']>, 'has'>;
}

/** A case with one more of its events, and with what that brought along from an earlier case. */
export function withOccurrence(log: CaseLog, event: CaseEvent, { via, stored, keptTypes }: How): CaseLog {
  const { carried, receivedAt } = stored;
  const carriedAt = Date.parse(receivedAt);
  const seen = carried && {
    isKnown: carried.isKnown,
    ...(carried.isLeft === undefined ? {} : { isLeft: carried.isLeft }),
    ...(carried.leftAt === undefined ? {} : { leftMs: Date.parse(carried.leftAt) }),
    carriedAt,
  };
  const kept = toKept(event, via, seen);
  if (carried) return withArrival(log, kept, fromCarried(carried, { arrival: event.id, via, carriedAt }));
  const isKept = event.person !== undefined || keptTypes.has(event.type);
  return isKept ? withEvent(log, kept) : withRecording(log, kept.recordedAt);
}
