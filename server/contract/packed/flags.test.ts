import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Clock } from '../clocks.ts';
import { Flag } from '../flags.ts';
import { clockKey, flagIdOf, missedCheckKey } from '../rule-flags.ts';
import type { AreaStatus } from '../status.ts';
import { packAreas } from './areas.ts';
import { unpackIds } from './columns.ts';
import { type PackedFlags, packFlags } from './flags.ts';
import { readFlags } from './read-flags.ts';
import { PACKED_FORMAT, packRegion, SnapshotFromColumns } from './snapshot.ts';

const START_MS = Date.UTC(2026, 10, 20);
const REGION = 'UA-68';
const FACILITY = 'ua-68-itt-1';
const instantAt = (ms: number) => new Date(START_MS + ms).toISOString();
const ms = fc.integer({ min: 0, max: 4 * 86_400_000 });

const clock = fc
  .record({ caseId: fc.constantFrom('cr-1', 'cr-2'), kind: kindOfClock(), anchorMs: ms })
  .chain(({ caseId, kind, anchorMs }) =>
    fc.constantFrom('court', 'suspicion', 'review-1').map(
      (limit): Clock => ({
        normSet: 'ua-cpc',
        limit,
        caseId,
        ...(kind ? { kind } : {}),
        anchorAt: instantAt(anchorMs),
        amberAt: instantAt(anchorMs + 1_000),
        redAt: instantAt(anchorMs + 2_000),
        dueAt: instantAt(anchorMs + 3_000),
      }),
    ),
  );

function kindOfClock() {
  return fc.constantFrom(undefined, 'duty' as const, 'review' as const);
}

const statuses = fc
  .array(fc.record({ clocks: fc.array(clock, { maxLength: 5 }), checkMs: fc.option(ms) }), { maxLength: 6 })
  .map((areas) =>
    areas.map(
      ({ clocks, checkMs }, index): AreaStatus => ({
        areaId: `${FACILITY}-cell-${index + 1}`,
        headcount: 2,
        clocks,
        vulnerabilities: [],
        nextCheckDueAt: checkMs === null ? null : instantAt(checkMs),
        confidentialSince: null,
        updatedAt: instantAt(0),
      }),
    ),
  );

function raised(flag: Pick<Flag, 'id' | 'rule'> & { areaId?: string; atMs: number }): Flag {
  const { id, rule, areaId, atMs } = flag;
  const by = { kind: 'rule' as const, id: rule?.id ?? '', name: rule?.id ?? '' };
  return Flag.parse({
    id,
    regionId: REGION,
    facilityId: FACILITY,
    ...(areaId === undefined ? {} : { areaId }),
    category: 'deadline',
    severity: 2,
    note: '',
    rule,
    state: 'raised',
    history: [{ state: 'raised', by, at: instantAt(atMs) }],
    version: 1,
  });
}

const CLOCK_RULES = ['deadline-amber', 'deadline-red', 'deadline-breached', 'duty-late'] as const;

/** Flags of what is in the areas, as rules raise them: of each clock and each check perhaps one. */
const told = statuses.chain((areas) =>
  fc
    .tuple(
      ...areas.flatMap(({ areaId, clocks, nextCheckDueAt }) => [
        ...clocks.map((one) =>
          fc
            .record({ rule: fc.constantFrom(...CLOCK_RULES), atMs: ms, isMoved: fc.boolean() })
            .map((made) => {
              const { rule, atMs, isMoved } = made;
              const since = { 'deadline-amber': one.amberAt, 'deadline-red': one.redAt };
              const sinceAt = rule === 'deadline-amber' || rule === 'deadline-red' ? since[rule] : one.dueAt;
              const key = clockKey(rule, { ...one, facilityId: FACILITY });
              const params = {
                limit: `${one.normSet}/${one.limit}`,
                caseId: one.caseId,
                dueAt: isMoved ? instantAt(atMs) : one.dueAt,
              };
              return raised({ id: flagIdOf(key, sinceAt), rule: { id: rule, params }, areaId, atMs });
            }),
        ),
        ...(nextCheckDueAt === null
          ? []
          : [
              ms.map((atMs) => {
                const id = flagIdOf(missedCheckKey(areaId, nextCheckDueAt), nextCheckDueAt);
                const rule = { id: 'check-missed', params: { dueAt: nextCheckDueAt } };
                return raised({ id, rule, areaId, atMs });
              }),
            ]),
      ]),
    )
    .map((flags) => ({ areas, flags })),
);

/** Flags of any other kind, and what people do with them. */
const other = fc
  .record({
    id: fc.uuid(),
    areaId: fc.constantFrom(undefined, `${FACILITY}-cell-1`, 'ua-68-itt-2-cell-1'),
    rule: fc.constantFrom('overcrowded', 'facility-silent', 'feed-lost'),
    params: fc.dictionary(
      fc.constantFrom('m2', 'cause', 'at', 'dueAt', 'caseId', 'limit'),
      fc.oneof(fc.constantFrom('cr-1', 'ua-cpc/court', 'network'), fc.integer(), ms.map(instantAt)),
      { noNullPrototype: true },
    ),
    atMs: ms,
    change: fc.constantFrom('none', 'none', 'taken', 'note', 'person', 'region', 'instant'),
  })
  .map(({ id, areaId, rule, params, atMs, change }): Flag => {
    const made = { id, rule: { id: rule, params }, atMs, ...(areaId === undefined ? {} : { areaId }) };
    const flag = raised(made);
    const [raising] = flag.history;
    if (!raising || change === 'none') return flag;
    const by = { kind: 'person' as const, id: 'duty', name: 'Duty' };
    if (change === 'taken')
      return {
        ...flag,
        state: 'acknowledged',
        history: [raising, { state: 'acknowledged', by, at: raising.at }],
        version: 2,
      };
    if (change === 'note') return { ...flag, note: 'a note' };
    if (change === 'person') return { ...flag, history: [{ ...raising, by }] };
    if (change === 'region') return { ...flag, regionId: 'UA-05' };
    return { ...flag, history: [{ ...raising, at: '2026-11-20T00:00:00Z' }] };
  });

const byId = (a: Flag, b: Flag) => (a.id < b.id ? -1 : 1);

test('flags come out of their columns as they went in, to the order of their fields', () => {
  fc.assert(
    fc.property(told, fc.array(other, { maxLength: 6 }), ({ areas, flags }, others) => {
      const given = [...new Map([...flags, ...others].map((flag) => [flag.id, flag])).values()];
      const region = packRegion({ regionId: REGION, seq: 1, areas, feeds: [], flags: given });
      const snapshot = { format: PACKED_FORMAT, at: instantAt(0), regions: [region] };
      const parsed = SnapshotFromColumns.parse(JSON.parse(JSON.stringify(snapshot)));
      const read = parsed.regions.flatMap((one) => one.flags);
      expect(JSON.stringify(read.toSorted(byId))).toBe(JSON.stringify(given.toSorted(byId)));
    }),
  );
});

const CELLS = 200;
/** A region where each cell has missed its check and holds somebody whose term is over. */
const aged = Array.from({ length: CELLS }, (_, index): AreaStatus => {
  const anchorMs = 3_600_000 * (index % 40) + 977 * index;
  const when = (hours: number) => instantAt(anchorMs + hours * 3_600_000);
  return {
    areaId: `${FACILITY}-cell-${index + 1}`,
    headcount: 1,
    clocks: [
      {
        normSet: 'ua-cpc',
        limit: 'court',
        caseId: `cr-68-1-${100_000_000 + 7_919 * index}`,
        anchorAt: when(0),
        amberAt: when(45),
        redAt: when(54),
        dueAt: when(60),
      },
    ],
    vulnerabilities: [],
    nextCheckDueAt: instantAt(86_400_000 + 1_013 * index),
    confidentialSince: null,
    updatedAt: instantAt(0),
  };
});
const agedFlags = aged.flatMap(({ areaId, clocks: [one], nextCheckDueAt }, index) => {
  if (!one || nextCheckDueAt === null) return [];
  const id = flagIdOf(clockKey('deadline-breached', { ...one, facilityId: FACILITY }), one.dueAt);
  const params = { limit: `${one.normSet}/${one.limit}`, caseId: one.caseId, dueAt: one.dueAt };
  const atMs = 5 * 86_400_000 + 7 * index;
  const missed = flagIdOf(missedCheckKey(areaId, nextCheckDueAt), nextCheckDueAt);
  return [
    raised({ id, rule: { id: 'deadline-breached', params }, areaId, atMs }),
    raised({ id: missed, rule: { id: 'check-missed', params: { dueAt: nextCheckDueAt } }, areaId, atMs }),
  ];
});

test('a flag that follows from what stands beside it takes a few bytes, and not its text', () => {
  const areas = packAreas(aged);
  const packed = packFlags(agedFlags, { regionId: REGION, areas });
  expect(agedFlags).toHaveLength(2 * CELLS);
  expect([packed.strays.length, packed.ids.length, packed.values.length]).toEqual([0, 0, 0]);
  const bytes = gzipSync(JSON.stringify(packed), { level: 6 }).length;
  expect(bytes / agedFlags.length).toBeLessThan(4);
});

test('columns of flags that somebody has tampered with are refused, never half read', () => {
  const areas = packAreas(aged);
  const own = raised({
    id: '5f0e8ac2-7d5c-4b7e-9d2f-0a1b2c3d4e5f',
    rule: { id: 'overcrowded', params: { m2: 2.5 } },
    areaId: `${FACILITY}-cell-1`,
    atMs: 0,
  });
  const packed = packFlags([...agedFlags, own], { regionId: REGION, areas });
  const beside = { regionId: REGION, areas, areaIds: unpackIds(areas.ids) };
  expect(readFlags(packed, beside)).toHaveLength(agedFlags.length + 1);
  const wrong: ((flags: PackedFlags) => Partial<PackedFlags>)[] = [
    ({ shape }) => ({ shape: shape.slice(1) }),
    ({ shape }) => ({ shape: shape.map(() => 99) }),
    ({ facility }) => ({ facility: facility.map(() => 7) }),
    () => ({ facilities: '0../../etc' }),
    ({ area }) => ({ area: area.map(() => -5) }),
    ({ area }) => ({ area: [...area, 1] }),
    ({ area }) => ({ area: area.slice(1) }),
    ({ clock }) => ({ clock: clock.map(() => 5) }),
    ({ clock }) => ({ clock: clock.map(() => -2) }),
    ({ clock }) => ({ clock: clock.map(() => -1) }),
    () => ({ from: 1e16 }),
    ({ raised: later }) => ({ raised: later.map(() => -1e12) }),
    ({ values }) => ({ values: [...values, 1] }),
    () => ({ values: [] }),
    () => ({ ids: '' }),
    ({ ids }) => ({ ids: `${ids}${ids}` }),
    ({ ids }) => ({ ids: ids.replace(/./, '/') }),
    ({ shapes }) => ({ shapes: shapes.map((shape) => ({ ...shape, onFacility: true as const })) }),
  ];
  for (const spoil of wrong)
    expect(() => readFlags({ ...packed, ...spoil(packed) }, beside), String(spoil)).toThrow();
});
