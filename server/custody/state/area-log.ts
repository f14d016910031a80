import { z } from 'zod';
import type { AreaEvent } from '#contract/custody-events.ts';
import { CaseId, EventId } from '#contract/ids.ts';

/** Events of each sort that an area keeps: the last one counts, the others stand by in case it is corrected. */
const KEEP_CHECKS = 16;
const KEEP_MEASUREMENTS = 6;
const KEEP_SIGHTINGS = 6;
const KEEP_BELLS = 12;
const KEEP_LIFTS = 12;
const KEEP_POWER = 12;
/** As many as an area keeps spans in which it was confidential, and their ends. */
export const KEEP_GATES = 96;

const noted = {
  id: EventId,
  at: z.int(),
  recordedAt: z.int(),
  /** The correction that put it in the place of another event. */
  via: EventId.optional(),
};

const Check = z.strictObject(noted);
export type Check = z.infer<typeof Check>;

const Measurement = z.strictObject({
  ...noted,
  temperatureC: z.number().optional(),
  co2Ppm: z.number().optional(),
  humidityPct: z.number().optional(),
});
export type Measurement = z.infer<typeof Measurement>;

/** People who were seen inside, whoever or whatever saw them; 0 for nobody. */
const Sighting = z.strictObject({ ...noted, count: z.int().min(0) });
export type Sighting = z.infer<typeof Sighting>;

/** A call bell that was rung, or answered. */
const Bell = z.strictObject({ ...noted, rung: z.boolean() });
export type Bell = z.infer<typeof Bell>;

/** Somebody closed the area to everybody, gave that more time, or ended it. */
const GateEvent = z.strictObject({
  ...noted,
  opens: z.boolean(),
  /** When it ends by itself, as the event says it. */
  until: z.int().optional(),
  /** Who recorded it. */
  by: z.string(),
});
export type GateEvent = z.infer<typeof GateEvent>;

/** The mask of an area's picture was lifted because of somebody, or covers again. */
const Lift = z.strictObject({
  ...noted,
  lifts: z.boolean(),
  until: z.int().optional(),
  concerns: CaseId.optional(),
  by: z.string(),
});
export type Lift = z.infer<typeof Lift>;

/** The power of an area failed, or is back. */
const Power = z.strictObject({ ...noted, fails: z.boolean() });
export type Power = z.infer<typeof Power>;

/** What is kept of an area beside its people; instants in milliseconds since the epoch. */
export const AreaLog = z.strictObject({
  /** Latest recording of any event that names the area. */
  touchedAt: z.int(),
  /** Welfare checks, oldest first. */
  checks: z.array(Check),
  /** Of the air, oldest first. */
  measurements: z.array(Measurement),
  /** Oldest first. */
  sightings: z.array(Sighting),
  /** Oldest first. */
  bells: z.array(Bell),
  /** Oldest first. */
  gates: z.array(GateEvent),
  /** Oldest first. */
  lifts: z.array(Lift),
  /** Oldest first. */
  power: z.array(Power),
  /** When somebody last left it whose case is kept no longer. */
  leftAt: z.int(),
});
export type AreaLog = z.infer<typeof AreaLog>;

export const EMPTY_AREA: AreaLog = {
  touchedAt: 0,
  checks: [],
  measurements: [],
  sightings: [],
  bells: [],
  gates: [],
  lifts: [],
  power: [],
  leftAt: 0,
};

/** All events that an area keeps. */
export function keptIn({ checks, measurements, sightings, bells, gates, lifts, power }: AreaLog): Check[] {
  return [...checks, ...measurements, ...sightings, ...bells, ...gates, ...lifts, ...power];
}

/** An area with those of its events for which `stays` holds. */
export function withOnly(log: AreaLog, stays: (event: Check) => boolean): AreaLog {
  return {
    ...log,
    checks: log.checks.filter(stays),
    measurements: log.measurements.filter(stays),
    sightings: log.sightings.filter(stays),
    bells: log.bells.filter(stays),
    gates: log.gates.filter(stays),
    lifts: log.lifts.filter(stays),
    power: log.power.filter(stays),
  };
}

/** An area that an event names. */
export function withTouch(log: AreaLog, recordedAt: number): AreaLog {
  return recordedAt > log.touchedAt ? { ...log, touchedAt: recordedAt } : log;
}

/** An area that somebody left. */
export function withLeft(log: AreaLog, atMs: number): AreaLog {
  return atMs > log.leftAt ? { ...log, leftAt: atMs } : log;
}

/** An area with one more event. */
export function withAreaEvent(log: AreaLog, event: AreaEvent, via: EventId | undefined): AreaLog {
  const common = {
    id: event.id,
    at: Date.parse(event.occurredAt),
    recordedAt: Date.parse(event.recordedAt),
    ...(via === undefined ? {} : { via }),
  };
  const touched = withTouch(log, common.recordedAt);
  switch (event.type) {
    case 'CELL_CHECK':
      return { ...touched, checks: withOne(touched.checks, common, KEEP_CHECKS) };
    case 'CONDITIONS_MEASURED': {
      const { temperatureC, co2Ppm, humidityPct } = event;
      const measurement = {
        ...common,
        ...(temperatureC === undefined ? {} : { temperatureC }),
        ...(co2Ppm === undefined ? {} : { co2Ppm }),
        ...(humidityPct === undefined ? {} : { humidityPct }),
      };
      return { ...touched, measurements: withOne(touched.measurements, measurement, KEEP_MEASUREMENTS) };
    }
    case 'PRESENCE_SEEN':
      return {
        ...touched,
        sightings: withOne(touched.sightings, { ...common, count: event.count ?? 1 }, KEEP_SIGHTINGS),
      };
    case 'EMPTY_SEEN':
      return { ...touched, sightings: withOne(touched.sightings, { ...common, count: 0 }, KEEP_SIGHTINGS) };
    case 'CALL_BELL':
      return { ...touched, bells: withOne(touched.bells, { ...common, rung: true }, KEEP_BELLS) };
    case 'CALL_BELL_ANSWERED':
      return { ...touched, bells: withOne(touched.bells, { ...common, rung: false }, KEEP_BELLS) };
    case 'GATE_OPENED':
    case 'GATE_CLOSED': {
      const gate = {
        ...common,
        opens: event.type === 'GATE_OPENED',
        ...(event.until === undefined ? {} : { until: Date.parse(event.until) }),
        by: event.recordedBy,
      };
      return { ...touched, gates: withOne(touched.gates, gate, KEEP_GATES) };
    }
    case 'MASK_LIFTED':
    case 'MASK_RESTORED': {
      const lift = {
        ...common,
        lifts: event.type === 'MASK_LIFTED',
        ...(event.until === undefined ? {} : { until: Date.parse(event.until) }),
        ...(event.concerns === undefined ? {} : { concerns: event.concerns }),
        by: event.recordedBy,
      };
      return { ...touched, lifts: withOne(touched.lifts, lift, KEEP_LIFTS) };
    }
    case 'POWER_LOST':
    case 'POWER_RESTORED': {
      const power = { ...common, fails: event.type === 'POWER_LOST' };
      return { ...touched, power: withOne(touched.power, power, KEEP_POWER) };
    }
    default:
      return touched;
  }
}

/** The last of a sort of events; the same whatever order they came in. */
function withOne<T extends Check>(known: readonly T[], one: T, keep: number): T[] {
  if (known.some(({ id }) => id === one.id)) return [...known];
  const all = [...known, one].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  return all.slice(-keep);
}
