import type { RoomFacts } from '../inspect/facility-facts.ts';
import type { PendingRecord } from '../inspect/record.ts';
import { NOON_MS } from './samples.ts';

/** Records for tests: valid, small, and each with what the test is about overridden. */

export const FACILITY = 'ua-68-itt-2';

export function sampleRoom(over: Partial<RoomFacts> = {}): RoomFacts {
  return {
    id: 'ua-68-itt-2-cell-4',
    name: { uk: 'Камера 4', en: 'Cell 4' },
    kind: 'cell',
    capacity: 4,
    headcount: 2,
    nextCheckDueAt: null,
    vulnerabilities: [],
    confidentialSince: null,
    ...over,
  };
}

export function samplePending(over: Partial<PendingRecord> = {}): PendingRecord {
  return {
    id: '00000000-0000-4000-8000-000000000001',
    account: 'inspector',
    facilityId: FACILITY,
    order: 1,
    draft: { type: 'CELL_CHECK', areaId: 'ua-68-itt-2-cell-4' },
    occurred: { when: 'now' },
    written: { reading: { deviceMs: NOON_MS, baseMs: 0, page: 'test' }, offset: null },
    state: { state: 'waiting' },
    ...over,
  };
}
