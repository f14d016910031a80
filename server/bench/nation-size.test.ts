import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { CaseEvent, CustodyEvent } from '#contract/custody-events.ts';
import type { Flag } from '#contract/flags.ts';
import type { RegionId } from '#contract/ids.ts';
import { packRegion } from '#contract/packed/snapshot.ts';
import type { AreaStatus } from '#contract/status.ts';
import { normsOf } from '../../config/norms/norms.ts';
import { RULES } from '../../config/rules/rules.ts';
import { createBasis } from '../custody/state/basis.ts';
import { applyToRegion } from '../custody/state/region-custody.ts';
import { createRegistry } from '../nation/registry.ts';
import { raiseFor } from '../rules/apply-steps.ts';
import type { RegionMemory } from '../rules/finding.ts';
import { createLook } from '../rules/look/look-at-region.ts';
import { generateLargeNation } from './large-nation.ts';
import { eventsOfNation, feedsAtRest } from './nation-events.ts';

/** What the whole country may take on the wire, without the registry, in bytes. */
const BAR_BYTES = 1_450_000;
const NOW_MS = Date.UTC(2026, 10, 22, 12);
const HOUR_MS = 3_600_000;
const AREAS = 45_000;
const REGIONS = ['UA-68', 'UA-05'];

const nation = generateLargeNation();
const registry = createRegistry(nation);
const basis = createBasis({ normsOf: normsOf(nation), facilities: nation.facilities, areas: nation.areas });

/** What is known of a region whose facilities fell silent so many hours ago, and the flags that rules have raised since. */
async function stateOf(regionId: RegionId, silentHours: number) {
  const toldMs = NOW_MS - silentHours * HOUR_MS;
  const own = nation.areas.filter((area) => area.regionId === regionId);
  const facilities = nation.facilities.filter((facility) => facility.regionId === regionId);
  const isKept = (type: CustodyEvent['type']) =>
    type === 'CELL_CHECK' || type === 'CONDITIONS_MEASURED' || basis.keptTypes.has(type as CaseEvent['type']);
  const events = [...eventsOfNation({ ...nation, facilities }, toldMs, isKept)].flatMap(
    ({ facilityId, events: told }) =>
      told.map((event) => ({ facilityId, receivedAt: event.recordedAt, event })),
  );
  const { statuses } = applyToRegion(new Map(), events, basis);
  const areas = new Map(statuses.map((status) => [status.areaId, status]));
  const feeds = feedsAtRest(own, toldMs);
  return { areas: [...statuses], feeds, flags: await flagsOf(regionId, { areas, feeds, toldMs }) };
}

async function flagsOf(
  regionId: RegionId,
  known: { areas: ReadonlyMap<string, AreaStatus>; feeds: ReturnType<typeof feedsAtRest>; toldMs: number },
): Promise<Flag[]> {
  const feeds = new Map(known.feeds.map((feed) => [feed.feedId, feed]));
  const view = { area: (id: string) => known.areas.get(id), feed: (id: string) => feeds.get(id) };
  const contacts = new Map(nation.facilities.map(({ id }) => [id, { lastMs: known.toldMs }]));
  const memory: RegionMemory = { unplaced: [], drifts: [], departures: [], contacts };
  const { findings } = createLook(registry, view)(regionId, NOW_MS, memory);
  const flags: Flag[] = [];
  for (const [index, finding] of findings.entries()) {
    const since = new Date(finding.sinceMs ?? NOW_MS - HOUR_MS).toISOString();
    await raiseFor(finding, since, {
      registry,
      rules: RULES,
      // One after another, as a server writes them.
      now: () => NOW_MS + 3 * index,
      flags: {
        find: async () => undefined,
        change: async (_, flag) => {
          flags.push(flag);
          return true;
        },
      },
    });
  }
  return flags;
}

test.each([
  ['that tells what happens', 0, 1_000],
  ['of which nothing was heard for six hours', 6, 20_000],
])(
  'a country %s fits the wire with its flags',
  async (_, silentHours, fewestFlags) => {
    let [bytes, areas, flagCount] = [0, 0, 0];
    for (const regionId of REGIONS) {
      const state = await stateOf(regionId, silentHours);
      bytes += gzipSync(JSON.stringify(packRegion({ regionId, seq: 1, ...state })), { level: 6 }).length;
      areas += nation.areas.filter((area) => area.regionId === regionId).length;
      flagCount += state.flags.length;
    }
    const scale = AREAS / areas;
    expect(flagCount * scale).toBeGreaterThan(fewestFlags);
    expect(bytes * scale).toBeLessThan(BAR_BYTES);
  },
  120_000,
);
