import type { StoredEvent } from '#contract/custody-events.ts';
import type { PlacedCase } from '../../adapters/redis/keys.ts';
import type { Basis } from '../state/basis.ts';
import type { CaseEvents, CaseHistory } from './case-events.ts';
import { type CaseRecord, foldRecord } from './case-record.ts';

/** Longest stays of which it is looked for what happened around them, newest first: nobody is moved more often. */
export const MAX_STAYS = 200;

/** Everything that was recorded of a case. */
export interface CaseFile {
  record: CaseRecord;
  /** Of the case itself, and of the areas in which the person was in that time. */
  events: readonly StoredEvent[];
  /** At least so many of the oldest are not in it. */
  leftOut: number;
}

/** Reads a case whole; undefined if nothing is on record of it. */
export async function readCaseFile(
  place: PlacedCase,
  { events, basis }: { events: Pick<CaseEvents, 'read' | 'readAround'>; basis: Basis },
): Promise<CaseFile | undefined> {
  const own = await events.read(place);
  const record = foldRecord(place, storedIn(own), basis);
  if (!record) return undefined;
  const around = await events.readAround(place, record.view.stays.slice(-MAX_STAYS));
  const known = new Set(own.entries.map(({ streamId }) => streamId));
  const others = { entries: around.entries.filter(({ streamId }) => !known.has(streamId)) };
  const all = [...storedIn(own), ...storedIn(others)];
  // Corrections of checks are among them now; nothing else about the case is different.
  const whole = foldRecord(place, all, basis) ?? record;
  return { record: whole, events: all, leftOut: own.leftOut + around.leftOut };
}

function storedIn({ entries }: Pick<CaseHistory, 'entries'>): StoredEvent[] {
  return entries.flatMap(({ stored }) => (stored ? [stored] : []));
}
