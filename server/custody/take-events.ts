import type { CustodyEvent, CustodyEventResult } from '#contract/custody-events.ts';
import { skewOf } from '#contract/custody-events.ts';
import { VartaError } from '#contract/errors.ts';
import type { FacilityId, RegionId } from '#contract/ids.ts';
import type { Checked } from './check-event.ts';
import type { Acceptance, EventStore } from './event-store.ts';

/** Events that may be on their way to the store at once; at 2,000 a second, ten seconds of a store that is slow. */
const MAX_UNDER_WAY = 20_000;

interface TakerOptions {
  store: Pick<EventStore, 'accept'>;
  now: () => number;
  /** For the metrics. */
  countEvent?: ((status: CustodyEventResult['status']) => void) | undefined;
}

/** Checks elements, stores those that are events, and answers each for itself. "Accepted" means durable. */
export type TakeEvents = (
  place: { regionId: RegionId; facilityId: FacilityId },
  elements: readonly unknown[],
  check: (element: unknown, nowMs: number) => Checked,
) => Promise<{ results: CustodyEventResult[] }>;

/** Makes the one way by which events get into the store, whoever they are from, so that its bound is one. */
export function createTaker({ store, now, countEvent }: TakerOptions): TakeEvents {
  let underWay = 0;
  return async (place, elements, check) => {
    if (underWay + elements.length > MAX_UNDER_WAY)
      throw new VartaError('limit_reached', 'too many events are waiting to be stored');
    underWay += elements.length;
    try {
      const nowMs = now();
      const checked = elements.map((element) => check(element, nowMs));
      const events = checked.flatMap((one) => (one.ok ? [one.event] : []));
      const acceptances = (await store.accept(place, events, nowMs)).values();
      const results = checked.map((one) =>
        one.ok ? toResult(one.event, acceptances.next().value, nowMs) : one.result,
      );
      for (const { status } of results) countEvent?.(status);
      return { results };
    } finally {
      underWay -= elements.length;
    }
  };
}

function toResult(
  event: CustodyEvent,
  acceptance: Acceptance | undefined,
  receivedMs: number,
): CustodyEventResult {
  const skewMs = skewOf(event, receivedMs);
  switch (acceptance) {
    case 'accepted':
    case 'duplicate':
      return { id: event.id, status: acceptance, ...(skewMs === undefined ? {} : { skewMs }) };
    case 'id-taken':
      return {
        id: event.id,
        status: 'rejected',
        code: 'conflict',
        message: 'id: another event has this id',
        path: ['id'],
      };
    case 'replacement-taken':
      return {
        id: event.id,
        status: 'rejected',
        code: 'conflict',
        message: 'replacement.id: another event has this id',
        path: ['replacement', 'id'],
      };
    case undefined:
      throw new TypeError('the store answered for fewer events than it was given');
  }
}
