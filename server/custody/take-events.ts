import type { CustodyEvent, CustodyEventResult } from '#contract/custody-events.ts';
import { skewOf } from '#contract/custody-events.ts';
import { VartaError } from '#contract/errors.ts';
import type { Acceptance } from './accept-script.ts';
import type { CarryOver } from './carry-over.ts';
import type { Checked } from './check-event.ts';
import type { EventSource, EventStore } from './event-store.ts';

/** Events that may be on their way to the store at once; at 2,000 a second, ten seconds of a store that is slow. */
const MAX_UNDER_WAY = 20_000;

interface TakerOptions {
  store: Pick<EventStore, 'accept'>;
  /** What is on record of the cases that arrivals go on from. */
  carryOver: Pick<CarryOver, 'readFor'>;
  now: () => number;
  /** Told that the clock of a facility's system is so far ahead that its events were refused. */
  noteDrift?: ((source: EventSource, drift: { aheadMs: number; atMs: number }) => Promise<void>) | undefined;
  /** For the metrics. */
  countEvent?: ((status: CustodyEventResult['status']) => void) | undefined;
}

/** Checks elements, stores those that are events, and answers each for itself. "Accepted" means durable. */
export type TakeEvents = (
  source: Required<EventSource>,
  elements: readonly unknown[],
  check: (element: unknown, nowMs: number) => Checked,
) => Promise<{ results: CustodyEventResult[] }>;

/** Makes the one way by which events get into the store, whoever they are from, so that its bound is one. */
export function createTaker({ store, carryOver, now, noteDrift, countEvent }: TakerOptions): TakeEvents {
  let underWay = 0;
  return async (source, elements, check) => {
    if (underWay + elements.length > MAX_UNDER_WAY)
      throw new VartaError('limit_reached', 'too many events are waiting to be stored');
    underWay += elements.length;
    try {
      const nowMs = now();
      const checked = elements.map((element) => check(element, nowMs));
      const events = checked.flatMap((one) => (one.ok ? [one.event] : []));
      const aheads = checked.flatMap((one) => (one.ok || one.aheadMs === undefined ? [] : [one.aheadMs]));
      // What somebody writes on a device of their own says nothing of the facility's clock.
      if (aheads.length > 0 && source.via?.kind === 'facility')
        await noteDrift?.(source, { aheadMs: Math.max(...aheads), atMs: nowMs });
      const carried = await carryOver.readFor(source, events);
      const acceptances = (await store.accept(source, events, { receivedAtMs: nowMs, carried })).values();
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

/**
 * For who has sent one event and has nothing to answer if it did not get in.
 *
 * @throws VartaError why it was not stored.
 */
export function assertStored([result]: readonly CustodyEventResult[]): void {
  if (result?.status === 'accepted' || result?.status === 'duplicate') return;
  throw new VartaError(result?.code ?? 'internal', result?.message);
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
    case 'persons-record':
      return {
        id: event.id,
        status: 'rejected',
        code: 'forbidden',
        message: 'corrects: a person recorded that, and only a person corrects it',
        path: ['corrects'],
      };
    case 'other-case':
      return {
        id: event.id,
        status: 'rejected',
        code: 'conflict',
        message:
          'replacement: is about another case than what it replaces; withdraw that, and send this as an event of its own',
        path: ['replacement'],
      };
    case undefined:
      throw new TypeError('the store answered for fewer events than it was given');
  }
}
