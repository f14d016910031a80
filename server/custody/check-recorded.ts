import type { CustodyEvent } from '#contract/custody-events.ts';
import { toInvalid } from '#contract/errors.ts';
import { RecordedEvent } from '#contract/recording.ts';
import { type Checked, checkEvent, type Given, toRejected } from './check-event.ts';

/**
 * Checks one element that a person sends. All types of the catalogue: whoever answers for a record writes down what
 * happened, also what a system failed to send, and no type says more than that it happened. What tells a hand from a
 * system is `recordedBy`, which nobody chooses.
 */
export function checkRecorded(element: unknown, given: Given): Checked {
  const parsed = RecordedEvent.safeParse(element);
  if (!parsed.success) return toRejected(element, toInvalid(parsed.error));
  return checkEvent(signed(parsed.data, given), given);
}

/** The event with the name of its recorder. */
function signed(event: RecordedEvent, { principal }: Given): CustodyEvent {
  const recordedBy = principal.kind === 'person' ? principal.username : principal.kind;
  if (event.type !== 'RECORD_CORRECTED') return { ...event, recordedBy };
  const { replacement, ...correction } = event;
  return {
    ...correction,
    recordedBy,
    ...(replacement ? { replacement: { ...replacement, recordedBy } } : {}),
  };
}
