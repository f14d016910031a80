import { expect, test } from 'vitest';
import type { Clock } from '#contract/clocks.ts';
import type { FeedStatus } from '#contract/feeds.ts';
import type { Area } from '#contract/nation.ts';
import type { AreaStatus } from '#contract/status.ts';
import { RULES } from '../../../config/rules/rules.ts';
import type { LiveView } from '../../live/live.ts';
import {
  after,
  areaEvent,
  caseEvent,
  correction,
  eventId,
  stored as storedEvent,
} from '../../test/fixtures/custody.ts';
import { smallRegistry } from '../../test/fixtures/nation.ts';
import { lookAtArea } from './area.ts';
import { lookAtClocks } from './clocks.ts';
import { lookAtEvent } from './event.ts';
import { createLook } from './look-at-region.ts';
import type { Said } from './recording.ts';
import { lookAtVideo } from './video.ts';
import { unseenIn } from './why-unseen.ts';

const AREA = 'ua-68-itt-1-cell-1';
const START = Date.parse('2026-11-22T00:00:00.000Z');
const HOUR = 3_600_000;
const at = (hours: number) => new Date(START + hours * HOUR).toISOString();

const clock = (change: Partial<Clock> = {}): Clock => ({
  normSet: 'ua-cpc',
  limit: 'court',
  caseId: 'cr-68-1-000001',
  anchorAt: at(0),
  amberAt: at(45),
  redAt: at(54),
  dueAt: at(60),
  ...change,
});
const status = (change: Partial<AreaStatus> = {}): AreaStatus => ({
  areaId: AREA,
  headcount: 1,
  clocks: [],
  vulnerabilities: [],
  nextCheckDueAt: null,
  confidentialSince: null,
  updatedAt: at(0),
  ...change,
});
const rulesAt = (hours: number, ...clocks: Clock[]) => {
  const { findings, times } = lookAtClocks({ facilityId: 'ua-68-itt-1', clocks }, START + hours * HOUR);
  return { rules: findings.map(({ rule }) => rule), next: times.map((ms) => (ms - START) / HOUR) };
};

test.each([
  [44.999, [], [45]],
  [45, ['deadline-amber'], [54]],
  [54, ['deadline-red'], [60]],
  [60, ['deadline-breached'], []],
  [600, ['deadline-breached'], []],
] as const)('60 hours to court, at hour %d: %j, and again at %j', (hours, rules, next) => {
  expect(rulesAt(hours, clock())).toEqual({ rules, next });
});

test('a clock in the shadow of another and one that stands say nothing', () => {
  expect(rulesAt(59, clock({ shadowed: true }))).toEqual({ rules: [], next: [] });
  expect(rulesAt(59, clock({ pausedAt: at(50) }))).toEqual({ rules: [], next: [62] });
});

test('a clock that has stood for twelve hours is asked after, until it goes on', () => {
  const standing = clock({ standing: 'general-knowledge', pausedAt: at(0), dueAt: at(3) });
  expect(rulesAt(11.999, standing)).toEqual({ rules: [], next: [12] });
  expect(rulesAt(12, standing)).toEqual({ rules: ['clock-stands'], next: [] });
  expect(rulesAt(12, clock({ standing: 'general-knowledge', dueAt: at(15) })).rules).toEqual([]);
  // What was over before it stood is over.
  expect(rulesAt(70, clock({ pausedAt: at(61) })).rules).toEqual(['deadline-breached']);
});

test('a duty speaks when its grace is over; what is no law is late, never breached', () => {
  expect(rulesAt(59, clock({ kind: 'duty', standing: 'judgment' })).rules).toEqual([]);
  expect(rulesAt(60, clock({ kind: 'duty', standing: 'judgment' })).rules).toEqual(['duty-late']);
  expect(rulesAt(60, clock({ standing: 'general-knowledge' })).rules).toEqual(['limit-passed']);
});

test('an extension moves the same occurrence, the next review is another one', () => {
  const keyOf = (one: Clock) =>
    lookAtClocks({ facilityId: 'ua-68-itt-1', clocks: [one] }, START + 100 * HOUR).findings.map(
      ({ key }) => key,
    );
  expect(keyOf(clock())).toEqual(keyOf(clock({ dueAt: at(72) })));
  expect(keyOf(clock({ kind: 'review' }))).not.toEqual(keyOf(clock({ kind: 'review', anchorAt: at(9) })));
});

test('what the record says of an area', () => {
  const seen = lookAtArea(
    status({
      nextCheckDueAt: at(1),
      confidentialSince: at(-1),
      space: {
        m2PerPerson: 2.9,
        below: { normSet: 'echr', limit: 'space-3' },
        level: 'red',
        overCapacity: true,
      },
      findings: [
        { normSet: 'ua-order-777', code: 'minor-with-adult', since: at(-2) },
        { normSet: 'record', code: 'delivered-before-actual', since: at(-2) },
        // Held against the record of its time, elsewhere.
        { normSet: 'record', code: 'presence-without-record', since: at(-2) },
      ],
    }),
    { capacity: 2, nowMs: START + HOUR },
  );
  for (const { rule, params } of seen.findings) {
    const words = Object.values(RULES.get(rule)?.text ?? {}).join();
    for (const [, name = ''] of words.matchAll(/{{(\w+)}}/g)) expect(Object.keys(params)).toContain(name);
  }
  expect(seen.findings.map(({ rule }) => rule)).toEqual([
    'check-missed',
    'gate-too-long',
    'overcrowded',
    'over-capacity',
    'separation',
    'record-contradicts-itself',
  ]);
  const early = lookAtArea(status({ nextCheckDueAt: at(1), confidentialSince: at(0) }), {
    capacity: 2,
    nowMs: START,
  });
  expect(early).toEqual({ findings: [], times: [START + HOUR, START + 2 * HOUR] });
  expect(
    lookAtArea(status({ headcount: 0, nextCheckDueAt: at(-1) }), { capacity: 2, nowMs: START }).findings,
  ).toEqual([]);
});

test('another interval moves when a check is due and not what it is waited for by; a check moves both', () => {
  const waitOf = (minutes: number, checkedAt: number) => {
    const nextCheckDueAt = at(checkedAt + minutes / 60);
    const overdue = status({ nextCheckDueAt, ...(minutes === 60 ? {} : { checkMinutes: minutes }) });
    const [found] = lookAtArea(overdue, { capacity: 2, nowMs: START + 9 * HOUR }).findings;
    return { due: found?.params.dueAt, waitFor: found?.waitFor };
  };
  expect(waitOf(15, 0).waitFor).toBeDefined();
  expect(waitOf(60, 0).waitFor).toBe(waitOf(15, 0).waitFor);
  expect(waitOf(60, 0).due).not.toBe(waitOf(15, 0).due);
  expect(waitOf(60, 1).waitFor).not.toBe(waitOf(60, 0).waitFor);
});

test('a visit is asked after before it ends by itself, and somebody is told before that', () => {
  const visit = { kind: 'medical' as const, caseId: 'cr-68-1-000001', since: at(0), until: at(1) };
  const look = (minutes: number, visits: AreaStatus['visits'] = [visit]) => {
    const closed = status({ nextCheckDueAt: null, confidentialSince: at(0), visits });
    const { findings, times } = lookAtArea(closed, { capacity: 2, nowMs: START + minutes * 60_000 });
    return [findings.map(({ rule }) => rule), times.map((ms) => (ms - START) / 60_000)];
  };
  expect(look(0)).toEqual([[], [40, 45]]);
  expect(look(40)).toEqual([['gate-too-long'], [45]]);
  expect(look(45)).toEqual([['gate-too-long', 'visit-ending'], []]);
  // Given more time: the warning is over, and comes again; that it is long does not change.
  expect(look(50, [{ ...visit, until: at(2) }])).toEqual([['gate-too-long'], [105]]);
  expect(look(90, [{ ...visit, kind: 'lawyer', until: at(4) }])).toEqual([[], [120, 225]]);
});

/** What the rules see of an area with some cameras, whatever else its facility has. */
function seeVideo(area: Pick<Area, 'id' | 'feeds'>, change: Partial<AreaStatus>, feedOf: LiveView['feed']) {
  const whole = { ...area, facilityId: 'ua-68-itt-1' };
  const cause = unseenIn([], { area: () => status(change), feed: feedOf }, START)(whole);
  return lookAtVideo(area, { headcount: status(change).headcount, feedOf, cause });
}

test.each([
  ['nobody looks, so the feed says nothing', 1, undefined, []],
  ['it shows', 1, { state: 'live' }, []],
  ['it is lost', 1, { state: 'lost' }, ['feed-lost', 'no-video:unexplained']],
  ['it is covered', 1, { state: 'faulty', faults: ['covered'] }, ['feed-covered', 'no-video:fault']],
  ['it is lost, and nobody is inside', 0, { state: 'lost' }, ['feed-lost']],
  ['it sends too few keyframes, and shows', 1, { state: 'live', faults: ['keyframe-interval'] }, []],
] as const)('one camera, %s', (_, headcount, feed, expected) => {
  const area = {
    id: AREA,
    feeds: [{ id: `${AREA}-cam-1`, source: 'edge' as const, layers: ['low' as const] }],
  };
  const known =
    feed && ({ feedId: `${AREA}-cam-1`, areaId: AREA, layers: [], since: at(0), ...feed } as FeedStatus);
  const seen = seeVideo(area, { headcount }, () => known);
  expect(seen.map(({ rule, params }) => (params.cause ? `${rule}:${params.cause}` : rule))).toEqual(expected);
});

test('with a second camera that shows, or behind a closed gate, nobody is without video', () => {
  const feeds = ['cam-1', 'cam-2'].map((name) => ({
    id: `${AREA}-${name}`,
    source: 'edge' as const,
    layers: ['low' as const],
  }));
  const lost = (feedId: string): FeedStatus | undefined =>
    feedId.endsWith('cam-1') ? { feedId, areaId: AREA, layers: [], since: at(0), state: 'lost' } : undefined;
  const rules = (change: Partial<AreaStatus>, area = { id: AREA, feeds }) =>
    seeVideo(area, change, lost).map(({ rule }) => rule);
  expect(rules({})).toEqual(['feed-lost']);
  expect(rules({}, { id: AREA, feeds: feeds.slice(0, 1) })).toEqual(['feed-lost', 'no-video']);
  expect(rules({ confidentialSince: at(0) }, { id: AREA, feeds: feeds.slice(0, 1) })).toEqual(['feed-lost']);
  expect(rules({}, { id: AREA, feeds: [] })).toEqual(['no-video']);
});

test('an event that needs somebody at once is flagged where its case is; what is a day old is history', () => {
  const stored = (event: object, receivedAt = at(1)) => ({
    facilityId: 'ua-68-itt-1',
    receivedAt,
    event: {
      id: '00000000-0000-4000-8000-000000000001',
      occurredAt: at(0),
      recordedAt: at(0),
      recordedBy: 'a',
      ...event,
    } as never,
  });
  const place = {
    areaOf: (caseId: string) => (caseId === 'cr-1' ? AREA : undefined),
  };
  const seen = (event: object, receivedAt?: string) => {
    const finding = lookAtEvent(stored(event, receivedAt), place);
    return finding && [finding.rule, finding.areaId ?? finding.facilityId];
  };
  expect(seen({ type: 'FORCE_USED', caseId: 'cr-1', reason: 'resisted' })).toEqual(['force-used', AREA]);
  expect(seen({ type: 'INJURY_RECORDED', caseId: 'cr-1', areaId: 'ua-68-itt-1-desk' })).toEqual([
    'injury-recorded',
    AREA,
  ]);
  expect(seen({ type: 'FORCE_USED', caseId: 'cr-2', note: 'resisted' })).toEqual([
    'force-used',
    'ua-68-itt-1',
  ]);
  expect(seen({ type: 'INCIDENT', areaId: AREA, incidentKind: 'self-harm' })).toEqual(['self-harm', AREA]);
  expect(seen({ type: 'INCIDENT', areaId: AREA })).toEqual(['incident', AREA]);
  expect(seen({ type: 'MEAL', caseId: 'cr-1' })).toBeUndefined();
  expect(seen({ type: 'COMPLAINT', caseId: 'cr-1' }, at(25))).toBeUndefined();
});

test('a correction of what needs somebody speaks of what it puts in the place, and says nothing anew', () => {
  const force = caseEvent('FORCE_USED', { id: 1, at: 0, area: 'desk', reason: 'resisted' });
  const told = (replacement: Said, original: Said | undefined) => {
    const corrected = storedEvent(correction({ id: 2, at: 60, corrects: 1, replacement }));
    const finding = lookAtEvent(corrected, {
      original,
      areaOf: (caseId) => (caseId === force.caseId ? AREA : undefined),
    });
    return finding && [finding.rule, finding.areaId ?? finding.facilityId, finding.params];
  };
  const spelt = { ...force, id: eventId(3), note: 'spelt rightly' };
  expect(told(spelt, force)).toBeUndefined();
  // What nobody was told of before hangs where the person is, and says when it was.
  expect(told(spelt, caseEvent('MEAL', { id: 1, at: 0 }))).toEqual([
    'force-used',
    AREA,
    { at: after(0), caseId: force.caseId },
  ]);
  expect(told(spelt, undefined)?.[0]).toBe('force-used');
  const incident = (incidentKind: 'fire' | 'disorder', id: number) =>
    areaEvent('INCIDENT', { id, at: 0, area: 'cell-2', incidentKind });
  expect(told(incident('fire', 3), incident('disorder', 1))?.slice(0, 2)).toEqual([
    'fire',
    'ua-68-itt-1-cell-2',
  ]);
});

test('force that nobody explains is graver than force, and explaining it afterwards raises no second flag', () => {
  const force = caseEvent('FORCE_USED', { id: 1, at: 0, forceKind: 'physical' });
  const explained = { ...force, id: eventId(3), reason: 'resisted' };
  const severityOf = (stored: Parameters<typeof lookAtEvent>[0], original?: Said) => {
    const rule = lookAtEvent(stored, { areaOf: () => AREA, original })?.rule;
    return rule && [rule, RULES.get(rule)?.severity];
  };
  const corrected = (replacement: typeof force) =>
    storedEvent(correction({ id: 2, at: 60, corrects: 1, replacement }));
  expect(severityOf(storedEvent(force))).toEqual(['force-unexplained', 1]);
  expect(severityOf(storedEvent({ ...force, reason: '   ' }))).toEqual(['force-unexplained', 1]);
  expect(severityOf(storedEvent(explained))).toEqual(['force-used', 2]);
  expect(severityOf(corrected(explained), force)).toBeUndefined();
  // Whoever takes the reason away is asked.
  expect(severityOf(corrected({ ...force, id: eventId(3) }), explained)).toEqual(['force-unexplained', 1]);
});

test('a facility whose feeds are all lost is told of as a whole', () => {
  const registry = smallRegistry();
  const look = (states: Readonly<Record<string, FeedStatus['state']>>) =>
    createLook(registry, {
      area: () => undefined,
      feed: (feedId) => {
        const state = states[feedId];
        return state && { feedId, areaId: AREA, layers: [], since: at(0), state };
      },
    })('UA-68', START, { unplaced: [], drifts: [], departures: [], contacts: new Map() })
      .findings.filter(({ rule }) => rule === 'cameras-lost')
      .map(({ areaId, facilityId }) => [areaId, facilityId]);
  const [one, two] = [`${AREA}-cam-1`, 'ua-68-itt-1-cell-2-cam-1'];
  expect(look({ [one]: 'lost', [two]: 'lost' })).toEqual([[undefined, 'ua-68-itt-1']]);
  expect(look({ [one]: 'lost', [two]: 'live' })).toEqual([]);
  expect(look({ [one]: 'lost', [two]: 'idle' })).toEqual([]);
});
