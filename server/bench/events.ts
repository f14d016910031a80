import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CustodyEventsReply } from '#contract/custody-events.ts';
import { Nation } from '#contract/nation.ts';
import type { BenchServer } from './server-process.ts';

const SAMPLE_NATION = resolve(import.meta.dirname, '../../config/nation/sample-ua.json');

/** People in a facility at a time. */
const PEOPLE_INSIDE = 12;

/** A facility with the areas that its events may be about. */
export interface Place {
  facilityId: string;
  areaIds: readonly string[];
}

export async function samplePlaces(): Promise<Place[]> {
  const nation = Nation.parse(JSON.parse(await readFile(SAMPLE_NATION, 'utf8')));
  const areas = Map.groupBy(nation.areas, ({ facilityId }) => facilityId);
  return Array.from(areas, ([facilityId, own]) => ({ facilityId, areaIds: own.map(({ id }) => id) }));
}

/** In which of twenty events somebody is brought in, step by step: a record without them contradicts itself. */
const ARRIVAL: Readonly<Record<number, 'APPREHENDED' | 'REGISTERED' | 'CELL_PLACED'>> = {
  1: 'APPREHENDED',
  2: 'REGISTERED',
  3: 'CELL_PLACED',
};

/**
 * Events as a facility sends them: mostly checks, and in every twenty somebody who is brought in and somebody who is
 * released, so that about as many people are inside as in a real facility.
 */
export function createEventSource(place: Place) {
  const inside: string[] = [];
  let number = 0;
  return (atMs: number) => {
    const at = new Date(atMs).toISOString();
    const areaId = place.areaIds[number % place.areaIds.length] ?? '';
    const common = { id: randomUUID(), occurredAt: at, recordedAt: at, recordedBy: 'bench', areaId };
    number += 1;
    const step = ARRIVAL[number % 20];
    if (step === 'APPREHENDED') inside.push(`cr-bench-${randomUUID()}`);
    if (step !== undefined) return { ...common, type: step, caseId: inside.at(-1) };
    const leaving = number % 20 === 11 && inside.length > PEOPLE_INSIDE ? inside.shift() : undefined;
    return leaving === undefined
      ? { ...common, type: 'CELL_CHECK' }
      : { ...common, type: 'RELEASED', caseId: leaving };
  };
}

/** Which of twenty checks are told otherwise than as they are made. */
const ODD: Readonly<Record<number, 'late' | 'correction' | 'withdrawal'>> = {
  6: 'late',
  9: 'correction',
  14: 'late',
  17: 'withdrawal',
};
const LATE_MS = 3 * 3_600_000;

/** As {@link createEventSource}, with checks that are told late, put in the place of an earlier one, or withdrawn. */
export function createUntidySource(place: Place) {
  const next = createEventSource(place);
  /** The last check that was told as it was made. */
  let checkId: string | undefined;
  let number = 0;
  return (atMs: number) => {
    const event = next(atMs);
    number += 1;
    if (event.type !== 'CELL_CHECK') return event;
    const odd = ODD[number % 20];
    if (odd === 'late') return { ...event, occurredAt: new Date(atMs - LATE_MS).toISOString() };
    if (odd === undefined || checkId === undefined) {
      checkId = event.id;
      return event;
    }
    const { areaId: _, ...rest } = event;
    const correction = { ...rest, type: 'RECORD_CORRECTED', corrects: checkId, reason: 'bench' };
    checkId = undefined;
    return odd === 'withdrawal' ? correction : { ...correction, replacement: { ...event, id: randomUUID() } };
  };
}

/** Posts a batch; fails unless every event was accepted. Milliseconds until the acknowledgement. */
export async function postBatch(
  server: BenchServer,
  facilityId: string,
  events: readonly object[],
): Promise<number> {
  const startMs = performance.now();
  const response = await fetch(`${server.origin}/api/v1/custody/events`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${server.facilityKeys[facilityId]}`,
    },
    body: JSON.stringify({ events }),
  });
  const body: unknown = await response.json();
  const tookMs = performance.now() - startMs;
  const { results } = CustodyEventsReply.parse(body);
  const bad = results.find(({ status }) => status !== 'accepted');
  if (bad) throw new Error(`an event was not accepted: ${JSON.stringify(bad)}`);
  return tookMs;
}

/** The value that a fraction of the values does not exceed. */
export function quantile(values: readonly number[], fraction: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(fraction * sorted.length))] ?? Number.NaN;
}
