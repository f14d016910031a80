import { beforeAll, describe, expect, test } from 'vitest';
import type { FeedStatus } from '#contract/feeds.ts';
import type { AreaId, RegionId } from '#contract/ids.ts';
import type { AreaStatus } from '#contract/status.ts';
import { generateSampleNation } from '../../config/nation/sample-nation.ts';
import { seededRandom } from '../../config/nation/seeded.ts';
import { NORMS } from '../../config/norms/norms.ts';
import { RULES } from '../../config/rules/rules.ts';
import { createBasis } from '../../server/custody/state/basis.ts';
import { applyToRegion, type RegionCustody } from '../../server/custody/state/region-custody.ts';
import { createRegistry } from '../../server/nation/registry.ts';
import type { Episode, Finding, UnplacedClocks } from '../../server/rules/finding.ts';
import { lookAtEvent } from '../../server/rules/look/event.ts';
import { createLook } from '../../server/rules/look/look-at-region.ts';
import { planEpisodes } from '../../server/rules/plan-episodes.ts';
import { listBeds } from '../population.ts';
import { eventIdOf } from './event-id.ts';
import { createLife } from './life.ts';
import { inTellingOrder, nextBatch } from './opening.ts';
import { createRounds, type FacilityEvent } from './rounds.ts';
import { createRoomFinder } from './stay-events.ts';

const nation = generateSampleNation();
const registry = createRegistry(nation);
const beds = listBeds(nation);
const basis = createBasis({ normsOf: () => NORMS, facilities: nation.facilities, areas: nation.areas });
/** From one request of a facility to its next one. */
const REQUEST_MS = 300;
/** What has to be seen for some time before it raises a flag has been seen for so long by then. */
const SETTLED_MS = 90_000;

/** Everything that the custody systems tell when they are started at an instant. */
function openingAt(nowMs: number): FacilityEvent[] {
  let ids = 0;
  const life = createLife({ beds, findRoom: createRoomFinder(nation.areas), nowMs, sentUntilMs: null });
  const rounds = createRounds({
    areas: nation.areas,
    occupied: new Set(beds.map(({ areaId }) => areaId)),
    occupantOf: life.occupantOf,
    random: seededRandom(`opening ${nowMs}`),
    newId: () => eventIdOf(`opening ${nowMs} ${ids++}`),
  });
  return inTellingOrder([...life.due(nowMs), ...rounds.opening(nowMs)]);
}

/** A flag of the opening: what was found, and whether the rules have taken it back by themselves. */
interface Raised {
  finding: Finding;
  severity: number;
  isTakenBack: boolean;
}

/** What the rules raise while the nation tells who is here, with a look after each request, and once all is told. */
function flagsOf(nowMs: number): Raised[] {
  const raised = new Map<string, Raised>();
  const regionOf = new Map(nation.facilities.map(({ id, regionId }) => [id, regionId]));
  const byRegion = Map.groupBy(openingAt(nowMs), ({ facilityId }) => regionOf.get(facilityId) ?? '');
  for (const [regionId, events] of byRegion) playRegion({ regionId, events, nowMs, raised });
  return [...raised.values()];
}

interface Play {
  regionId: RegionId;
  events: readonly FacilityEvent[];
  nowMs: number;
  raised: Map<string, Raised>;
}

function playRegion({ regionId, events, nowMs, raised }: Play): void {
  let custody: RegionCustody = new Map();
  const statuses = new Map<AreaId, AreaStatus>();
  const unplaced = new Map<string, UnplacedClocks>();
  const known = new Map<string, Episode>();
  const look = createLook(registry, { area: (id) => statuses.get(id), feed: showing });
  const lookAt = (atMs: number) => {
    const memory = { unplaced: [...unplaced.values()], drifts: [], departures: [], contacts: new Map() };
    const { findings } = look(regionId, atMs, memory);
    for (const { key, after, flag } of planEpisodes(known, findings, { rules: RULES, nowMs: atMs }).steps) {
      if (after) known.set(key, after);
      else known.delete(key);
      if (flag?.kind === 'raise') raise(raised, flag.finding);
      const gone = flag?.kind === 'resolve' ? raised.get(key) : undefined;
      if (gone) gone.isTakenBack = true;
    }
  };
  let atMs = nowMs;
  const contact = { firstMs: nowMs, sinceMs: nowMs, lastMs: nowMs };
  for (const [facilityId, own] of Map.groupBy(events, (event) => event.facilityId))
    for (let waiting = own.map(({ event }) => event); waiting.length > 0; ) {
      const batch = nextBatch(waiting);
      waiting = waiting.slice(batch.length);
      const stored = batch.map((event) => ({ facilityId, receivedAt: new Date(atMs).toISOString(), event }));
      const applied = applyToRegion(custody, stored, basis);
      custody = applied.region;
      for (const status of applied.statuses) statuses.set(status.areaId, status);
      for (const { caseId, clocks, ...place } of applied.unplaced)
        if (clocks) unplaced.set(`${place.facilityId}/${caseId}`, { ...place, clocks });
        else unplaced.delete(`${place.facilityId}/${caseId}`);
      for (const one of stored) raise(raised, lookAtEvent(one, { areaOf: () => undefined, contact }));
      lookAt(atMs);
      atMs += REQUEST_MS;
    }
  for (const laterMs of [1_000, SETTLED_MS / 2, SETTLED_MS]) lookAt(atMs + laterMs);
}

function raise(raised: Map<string, Raised>, finding: Finding | undefined): void {
  if (!finding) return;
  const severity = RULES.get(finding.rule)?.severity ?? 1;
  raised.set(finding.key, { finding, severity, isTakenBack: false });
}

/** All cameras show what is before them. */
function showing(feedId: string): FeedStatus {
  const area = registry.feed(feedId)?.area.id ?? '';
  return { feedId, areaId: area, state: 'live', layers: ['low'], since: new Date(0).toISOString() };
}

/** By night, at the start of a shift, by day, in the evening: hours of Kyiv in winter. */
describe.each([2, 8, 13, 22])('started at %i o’clock', (hour) => {
  let flags: readonly Raised[];
  beforeAll(() => {
    flags = flagsOf(Date.UTC(2026, 10, 23, hour - 2, 5));
  });

  test('nothing looks neglected only because the rest of it has not been told yet', () => {
    expect(flags.filter(({ isTakenBack }) => isTakenBack).map(({ finding }) => finding.key)).toEqual([]);
  });

  test('somebody is needed here and there, and the rest of the wall is grey', () => {
    const loud = flags.filter(({ severity }) => severity <= 3);
    const places = new Set(loud.map(({ finding }) => finding.areaId ?? finding.facilityId));
    expect(places.size, loud.map(({ finding }) => finding.key).join('\n')).toBeLessThanOrEqual(10);
    expect(places.size).toBeGreaterThan(1);
  });
});

test('a request ends with the story of a person, unless the server would not take it', () => {
  const events = openingAt(Date.UTC(2026, 10, 23, 6)).map(({ event }) => event);
  const [first] = events;
  const other = events.find((event) => event.type === 'CELL_CHECK');
  if (!first || !other) throw new Error('nothing is told');
  const story = (length: number) => Array.from({ length }, () => first);
  expect(nextBatch([...story(150), ...Array.from({ length: 100 }, () => other)])).toHaveLength(200);
  expect(nextBatch([...story(230), other])).toHaveLength(230);
  expect(nextBatch(story(900))).toHaveLength(500);
  expect(nextBatch(story(3))).toHaveLength(3);
});
