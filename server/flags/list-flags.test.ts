import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Flag, isOpenFlag } from '#contract/flags.ts';
import { flagOn } from '../test/fixtures/live-records.ts';
import { raisedAtMs } from './flag.ts';
import { type FlagSources, formatCursor, listFlags, parseCursor } from './list-flags.ts';

const NOW = Date.UTC(2026, 10, 22);

function flagAt(regionId: string, atMs: number, open: boolean): Flag {
  const by = { kind: 'person', id: 'duty', name: 'duty' } as const;
  const areaId = `${regionId.toLowerCase()}-itt-1-cell-1`;
  return flagOn(areaId, {
    state: open ? 'raised' : 'resolved',
    history: [{ state: 'raised', by, at: new Date(atMs).toISOString() }],
  });
}

/** Sources over a list, in the order in which Redis gives them: by instant, then by id, both descending. */
function sourcesOf(flags: readonly Flag[]): FlagSources {
  const of = (regionId: string) => flags.filter((flag) => flag.regionId === regionId);
  return {
    open: async (regionId) => of(regionId).filter(isOpenFlag),
    newestFirst: async function* (regionId, untilMs) {
      const sorted = of(regionId).toSorted((a, b) => raisedAtMs(b) - raisedAtMs(a) || (a.id < b.id ? 1 : -1));
      for (const flag of sorted) if (raisedAtMs(flag) <= untilMs) yield flag;
    },
  };
}

const anyFlag = fc
  .record({
    region: fc.constantFrom('UA-68', 'UA-05', 'UA-30'),
    // Few instants, so that many flags share one.
    ago: fc.integer({ min: 0, max: 5 }),
    open: fc.boolean(),
  })
  .map(({ region, ago, open }) => flagAt(region, NOW - ago * 1_000, open));

test('pages together are the whole list, newest first, each flag once', async () => {
  const wantedState = fc.constantFrom('open', 'closed', 'all');
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyFlag, { maxLength: 60 }),
      fc.integer({ min: 1, max: 9 }),
      wantedState,
      async (flags, limit, state) => {
        const seen: Flag[] = [];
        let cursor: string | null = null;
        do {
          const page = await listFlags(sourcesOf(flags), {
            regionIds: ['UA-68', 'UA-05'],
            state,
            limit,
            after: cursor === null ? undefined : parseCursor(cursor),
            nowMs: NOW,
            accepts: ({ severity }) => severity === 2,
          });
          expect(page.items.length).toBeLessThanOrEqual(limit);
          seen.push(...page.items);
          cursor = page.nextCursor;
        } while (cursor !== null);
        const wanted = flags.filter(
          (flag) => flag.regionId !== 'UA-30' && (state === 'all' || isOpenFlag(flag) === (state === 'open')),
        );
        const byAge = wanted.toSorted((a, b) => raisedAtMs(b) - raisedAtMs(a) || (a.id < b.id ? 1 : -1));
        expect(seen.map(({ id }) => id)).toEqual(byAge.map(({ id }) => id));
      },
    ),
    { numRuns: 60 },
  );
});

test('a cursor is read as it was written, and nothing else is taken for one', () => {
  const cursor = { atMs: NOW, id: crypto.randomUUID() };
  expect(parseCursor(formatCursor(cursor))).toEqual(cursor);
  for (const text of ['', '1', 'x_y', '1_2', `${NOW}_${'g'.repeat(36)}`, `-1_${cursor.id}`])
    expect(parseCursor(text)).toBeUndefined();
});
