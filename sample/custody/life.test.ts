import { describe, expect, test } from 'vitest';
import { type CaseEvent, CustodyEvent } from '#contract/custody-events.ts';
import { generateSampleNation } from '../../config/nation/sample-nation.ts';
import { listBeds } from '../population.ts';
import { createLife, type Life } from './life.ts';
import { createRoomFinder, type PlannedEvent } from './stay-events.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const START_MS = Date.UTC(2026, 10, 22, 14, 5);

const nation = generateSampleNation();
/** A quarter of the country: enough to count, and quick. */
const beds = listBeds({ ...nation, facilities: nation.facilities.slice(0, 30) });
const findRoom = createRoomFinder(nation.areas);

function begin(nowMs: number, sentUntilMs: number | null = null): Life {
  return createLife({ beds, findRoom, nowMs, sentUntilMs });
}

/** What a custody server would know: each event id once, each person where last placed, until they leave. */
function createRecord() {
  const known = new Map<string, CaseEvent>();
  return {
    take(events: readonly PlannedEvent[]): void {
      for (const { event } of events) if (!known.has(event.id)) known.set(event.id, event);
    },
    known,
    cases(): Map<string, CaseEvent[]> {
      return Map.groupBy(known.values(), ({ caseId }) => caseId);
    },
    headcounts(): Map<string, number> {
      const counts = new Map<string, number>();
      for (const [, events] of this.cases()) {
        const placed = events.find(({ type }) => type === 'CELL_PLACED');
        if (!placed?.areaId || events.some(({ type }) => type === 'RELEASED' || type === 'TRANSFERRED'))
          continue;
        counts.set(placed.areaId, (counts.get(placed.areaId) ?? 0) + 1);
      }
      return counts;
    },
  };
}

function expectedHeadcounts(): Map<string, number> {
  return new Map([...Map.groupBy(beds, ({ areaId }) => areaId)].map(([id, own]) => [id, own.length]));
}

/** How many people more or fewer than usual there are, over all cells. */
function difference(headcounts: ReadonlyMap<string, number>): { over: number; under: number } {
  let over = 0;
  let under = 0;
  for (const [areaId, usual] of expectedHeadcounts()) {
    const actual = headcounts.get(areaId) ?? 0;
    over += Math.max(0, actual - usual);
    under += Math.max(0, usual - actual);
  }
  return { over, under };
}

describe('who is here at the start', () => {
  const events = begin(START_MS).due(START_MS);

  test('is told in valid events, none of the future, no id twice', () => {
    expect(events.filter(({ event }) => !CustodyEvent.safeParse(event).success)).toEqual([]);
    expect(events.every(({ recordedMs }) => recordedMs <= START_MS)).toBe(true);
    expect(new Set(events.map(({ event }) => event.id)).size).toBe(events.length);
  });

  test('fills the cells as usual', () => {
    const record = createRecord();
    record.take(events);
    const { over, under } = difference(record.headcounts());
    expect(over).toBe(0);
    // Between one person and the next a bed is free for some minutes.
    expect(under).toBeLessThan(beds.length * 0.06);
  });

  test('is the same whoever asks, and whenever it is asked again', () => {
    expect(begin(START_MS).due(START_MS)).toEqual(events);
    const later = new Set(
      begin(START_MS + HOUR_MS)
        .due(START_MS + HOUR_MS)
        .map(({ event }) => event.id),
    );
    const stillHere = events.filter(({ event }) => later.has(event.id)).length;
    expect(stillHere / events.length).toBeGreaterThan(0.8);
  });

  test('says of everybody what the norms need to know, first', () => {
    for (const [, own] of Map.groupBy(events, ({ event }) => event.caseId)) {
      expect(own[0]?.event.type).toBe('APPREHENDED');
      expect(own[0]?.event.person).toBeDefined();
    }
  });

  test('names only areas of the own facility', () => {
    const facilityOf = new Map(nation.areas.map(({ id, facilityId }) => [id, facilityId]));
    for (const { facilityId, event } of events) {
      if (event.areaId) expect(facilityOf.get(event.areaId)).toBe(facilityId);
    }
  });
});

describe('as time goes by', () => {
  test('people come and go, and the cells stay as full as they were', () => {
    const life = begin(START_MS);
    const record = createRecord();
    for (let atMs = START_MS; atMs <= START_MS + 48 * HOUR_MS; atMs += 30 * MINUTE_MS) {
      record.take(life.due(atMs));
      const { over, under } = difference(record.headcounts());
      expect(over).toBeLessThanOrEqual(2);
      expect(under).toBeLessThan(beds.length * 0.06);
    }
    expect(record.cases().size).toBeGreaterThan(beds.length * 1.5);
  });

  test('a restart neither doubles nor loses anybody, however long it takes', { timeout: 20_000 }, () => {
    for (const pauseMs of [0, 20 * MINUTE_MS, 30 * HOUR_MS, 10 * 24 * HOUR_MS]) {
      const record = createRecord();
      const first = begin(START_MS);
      record.take(first.due(START_MS));
      const stoppedMs = START_MS + 3 * HOUR_MS;
      record.take(first.due(stoppedMs));
      const againMs = stoppedMs + pauseMs;
      const second = begin(againMs, stoppedMs);
      record.take(second.due(againMs));
      // What was on its way to paper at the end is written down within the next minute.
      record.take(second.due(againMs + MINUTE_MS));
      const { over, under } = difference(record.headcounts());
      expect(over).toBeLessThanOrEqual(2);
      expect(under).toBeLessThan(beds.length * 0.06);
    }
  });

  test('who is present is whose stay is told and has not ended', () => {
    const life = begin(START_MS);
    const record = createRecord();
    for (let atMs = START_MS; atMs <= START_MS + 6 * HOUR_MS; atMs += 2 * HOUR_MS) {
      record.take(life.due(atMs));
      const here = [...record.cases()].filter(
        ([, events]) => !events.some(({ type }) => type === 'RELEASED' || type === 'TRANSFERRED'),
      );
      expect(
        life
          .present()
          .map(([, caseId]) => caseId)
          .sort(),
      ).toEqual(here.map(([caseId]) => caseId).sort());
    }
  });

  test('it is the same whether it is looked at often or seldom', () => {
    const often = begin(START_MS);
    const events: PlannedEvent[] = [];
    for (let atMs = START_MS; atMs <= START_MS + 6 * HOUR_MS; atMs += 7 * MINUTE_MS)
      events.push(...often.due(atMs));
    events.push(...often.due(START_MS + 6 * HOUR_MS));
    const seldom = begin(START_MS);
    const first = seldom.due(START_MS);
    const rest = seldom.due(START_MS + 6 * HOUR_MS);
    const ids = (list: readonly PlannedEvent[]) => list.map(({ event }) => event.id).sort();
    expect(ids(events)).toEqual(ids([...first, ...rest]));
  });

  test('the country is quiet: a few limits are near, none is passed', () => {
    const life = begin(START_MS);
    const record = createRecord();
    const amber: number[] = [];
    for (let atMs = START_MS; atMs < START_MS + 72 * HOUR_MS; atMs += 6 * HOUR_MS) {
      record.take(life.due(atMs));
      const worst = [...record.cases().values()].map((events) => spentPart(events, atMs));
      expect(worst.filter((part) => part >= 1)).toEqual([]);
      amber.push(worst.filter((part) => part >= 0.75).length);
    }
    const mean = amber.reduce((sum, count) => sum + count, 0) / amber.length;
    expect(mean).toBeGreaterThan(0.5);
    expect(mean).toBeLessThan(beds.length * 0.05);
  });
});

/** The largest part of a limit that a case has used up: suspicion 24 h, court 60 h, decision 72 h; administrative 3 h. */
function spentPart(events: readonly CaseEvent[], nowMs: number): number {
  const at = (type: CaseEvent['type']) => {
    const found = events.find((event) => event.type === type);
    return found && Date.parse(found.occurredAt);
  };
  if (at('RELEASED') !== undefined || at('TRANSFERRED') !== undefined) return 0;
  const since = (anchor: CaseEvent['type'], metBy: CaseEvent['type'], hours: number) => {
    const anchorMs = at(anchor);
    return anchorMs === undefined || at(metBy) !== undefined ? 0 : (nowMs - anchorMs) / (hours * HOUR_MS);
  };
  const person = events.find((event) => event.person)?.person;
  if (person?.regime === 'administrative') return since('DELIVERED', 'RELEASED', 3);
  return Math.max(
    since('APPREHENDED', 'SUSPICION_SERVED', 24),
    since('APPREHENDED', 'COURT_BROUGHT', 60),
    since('APPREHENDED', 'COURT_DECISION_SERVED', 72),
  );
}
