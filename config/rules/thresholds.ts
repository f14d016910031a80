import { RULES_OF_EVENTS, type RuleId } from './rule.ts';
import type { CountId, LengthId, Threshold } from './threshold.ts';

/** Ours, as long as nobody who knows better says otherwise. */
const ours = {
  version: 1,
  validFrom: '2026-01-01T00:00:00+02:00',
  validTo: null,
  standing: 'judgment',
  source: 'Our own choice: no source gives a figure.',
  address: null,
} as const;

/** What is held against cameras and sensors of its time. */
const CHECKS: RuleId[] = ['check-unseen', 'check-of-empty'];
const SIGHTINGS: RuleId[] = ['presence-unrecorded', 'absence-unrecorded', 'count-differs'];

/**
 * The figures of the rules, each in every version. Where law sets a figure it belongs in a norm set (`config/norms`), since
 * it then differs by nation and regime; these are what no norm set says. A figure changes by ending its version and adding
 * the next one: what happened before is judged as it was.
 */
export const THRESHOLDS: readonly Threshold[] = [
  {
    ...ours,
    id: 'gate-too-long',
    value: 120,
    unit: 'minute',
    rules: ['gate-too-long'],
    what: 'An area that is closed for longer, for a talk with a lawyer or by somebody, is asked after; a long talk is nothing wrong.',
  },
  {
    ...ours,
    id: 'examination-too-long',
    value: 40,
    unit: 'minute',
    rules: ['gate-too-long'],
    what: 'So is one that is closed for longer for a medical examination.',
  },
  {
    ...ours,
    id: 'visit-ending',
    value: 15,
    unit: 'minute',
    rules: ['visit-ending'],
    what: 'So long before a visit ends by itself somebody is told, so that no picture opens into one that goes on; how long a visit lasts is in `config/gate/visits.ts`.',
  },
  {
    ...ours,
    id: 'closed-elsewhere',
    value: 360,
    unit: 'minute',
    rules: ['gate-minutes-overused'],
    what: 'An area where people are held that is closed to everybody for longer in a day, however often, is asked after.',
  },
  {
    ...ours,
    id: 'closed-for-visits',
    value: 960,
    unit: 'minute',
    rules: ['gate-minutes-overused'],
    what: 'The same of a room where lawyers and doctors see people: by night nobody comes.',
  },
  {
    ...ours,
    id: 'gates-elsewhere',
    value: 6,
    unit: 'times a day',
    rules: ['gate-overused'],
    what: 'An area where people are held that is closed to everybody more often is asked after.',
  },
  {
    ...ours,
    id: 'gates-for-visits',
    value: 24,
    unit: 'times a day',
    rules: ['gate-overused'],
    what: 'The same of a room where lawyers and doctors see people.',
  },
  {
    ...ours,
    id: 'silent-without-cameras',
    value: 15,
    unit: 'minute',
    rules: ['facility-silent'],
    what: 'A facility whose cameras are all lost, and of which nothing was recorded for so long, is silent.',
  },
  {
    ...ours,
    id: 'silent-while-occupied',
    value: 120,
    unit: 'minute',
    rules: ['facility-silent'],
    what: 'So is one where somebody is held, which no picture shows to be there, and of which nothing came for so long: rounds alone are told of every hour.',
  },
  {
    ...ours,
    id: 'clock-stands',
    value: 12,
    unit: 'hour',
    rules: ['clock-stands'],
    what: 'A clock that stands (the three hours of an intoxicated person count from sobering; under PACE the time at a hospital does not count) goes on by an event that somebody has to send. One that has stood for so long is asked after.',
  },
  {
    ...ours,
    id: 'transfer-received',
    value: 12,
    unit: 'hour',
    rules: ['transfer-not-received'],
    what: 'Whoever is sent to another facility is there within this, or somebody asks where they are.',
  },
  {
    ...ours,
    id: 'drift-over',
    value: 60,
    unit: 'minute',
    rules: ['clock-drift'],
    what: 'So long after the last event whose clock was ahead, the clock counts as set right.',
  },
  {
    ...ours,
    id: 'power-accounts',
    value: 12,
    unit: 'hour',
    rules: ['no-video'],
    what: 'So long a recorded failure of power accounts for a camera that is off. Then somebody has to say it again, or the claim would cover whatever happens later.',
  },
  {
    ...ours,
    id: 'news',
    value: 24,
    unit: 'hour',
    rules: [...RULES_OF_EVENTS],
    what: 'Older than this when it comes, what is less grave (severity 3 and 4) is history, and so is what a facility brings along when it joins. What is grave is news however late it is told.',
  },
  {
    ...ours,
    id: 'recorded-late',
    value: 60,
    unit: 'minute',
    rules: ['recorded-late'],
    what: 'Written down later than so after it happened, an event is late. What waits for a network is not: that is sent late.',
  },
  {
    ...ours,
    id: 'edited-late',
    value: 24,
    unit: 'hour',
    rules: ['record-edited-late'],
    what: 'A correction that comes later than so after what it corrects is reviewed.',
  },
  {
    ...ours,
    id: 'moved',
    value: 5,
    unit: 'minute',
    rules: ['record-moved', 'area-record-moved', 'facts-changed'],
    what: 'A change of a time by less is one of writing, and moves nothing worth asking after.',
  },
  {
    ...ours,
    id: 'told-late',
    value: 60,
    unit: 'minute',
    rules: ['learned-late', 'sent-late'],
    what: 'Told later than so after it could have been, an event is late.',
  },
  {
    ...ours,
    id: 'apart',
    value: 3,
    unit: 'hour',
    rules: ['learned-late', 'sent-late', 'check-told-late'],
    what: 'A facility of which nothing was heard for longer was not connected, and what it then brings could not come before: rounds alone are told of more often while anybody is held.',
  },
  {
    ...ours,
    id: 'record-leeway',
    value: 60,
    unit: 'second',
    rules: [...CHECKS, ...SIGHTINGS],
    what: 'People write times down to the minute: what contradicts the record has to contradict it for so long before and after.',
  },
  {
    ...ours,
    id: 'sighted-again',
    value: 15,
    unit: 'minute',
    rules: SIGHTINGS,
    what: 'People who are seen against the record are told of once in so long, however often a sensor says it.',
  },
  {
    ...ours,
    id: 'checked-again',
    value: 24,
    unit: 'hour',
    rules: CHECKS,
    what: 'Checks that nobody can confirm, which are reviewed later, are told of once in so long.',
  },
];

const UNIT_MS = { second: 1_000, minute: 60_000, hour: 3_600_000 } as const;

/** How long a rule's length is at an instant; both in milliseconds. */
export function lengthMsAt(id: LengthId, atMs: number): number {
  const found = thresholdAt(id, atMs);
  if (found.unit === 'times a day') throw new TypeError(`${id} is no length`);
  return found.value * UNIT_MS[found.unit];
}

/** How often a day a rule puts up with something, at an instant (milliseconds since the epoch). */
export function timesADayAt(id: CountId, atMs: number): number {
  return thresholdAt(id, atMs).value;
}

/** Looked up for every area of a region at every look. */
const VERSIONS = Map.groupBy(
  THRESHOLDS.map((threshold) => ({ threshold, fromMs: Date.parse(threshold.validFrom) })),
  ({ threshold }) => threshold.id,
);

/** The version in force; before the first of them, the first. */
function thresholdAt(id: Threshold['id'], atMs: number): Threshold {
  const versions = VERSIONS.get(id);
  const found = versions?.findLast(({ fromMs }) => fromMs <= atMs) ?? versions?.[0];
  if (!found) throw new TypeError(`no threshold ${id}`);
  return found.threshold;
}
