import type { AreaId } from '#contract/ids.ts';
import type { Draft } from './record.ts';

interface Seen {
  areaId: AreaId;
  /** People who were seen, and how many there are by the record; null while the record is not known. */
  count: number;
  recorded: number | null;
  note: string;
}

/**
 * What a look into a room records: that it was looked into, and what was seen when it is not what the record says. Nobody
 * in a room that is empty by the record is one record, not two.
 */
export function checkDrafts({ areaId, count, recorded, note }: Seen): Draft[] {
  const said = note === '' ? {} : { note };
  if (count === 0 && (recorded === 0 || recorded === null)) return [{ type: 'EMPTY_SEEN', areaId, ...said }];
  const check: Draft = { type: 'CELL_CHECK', areaId, ...said };
  if (recorded === null || count === recorded) return [check];
  const sighting: Draft =
    count === 0 ? { type: 'EMPTY_SEEN', areaId } : { type: 'PRESENCE_SEEN', areaId, count };
  return [check, sighting];
}
