import type { PendingRecord, RecordState } from './record.ts';

/** What the page has to say of an account's records. */
export interface RecordGroups {
  refused: readonly PendingRecord[];
  waiting: readonly PendingRecord[];
  taken: readonly PendingRecord[];
  discarded: readonly PendingRecord[];
}

/** Records by what became of them: those that wait in the order in which they go, all others newest first. */
export function groupsOf(records: readonly PendingRecord[]): RecordGroups {
  const of = (state: RecordState['state']) => records.filter((record) => record.state.state === state);
  return {
    refused: of('refused').toReversed(),
    waiting: of('waiting'),
    taken: of('taken').toReversed(),
    discarded: of('discarded').toReversed(),
  };
}

/** Records that are not on the server and are meant to be. */
export function attentionOf(records: readonly PendingRecord[]): number {
  return records.filter(({ state }) => state.state === 'waiting' || state.state === 'refused').length;
}
