import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AuditEntry } from '#contract/audit.ts';
import { LOOK_AGAIN_MS, type Look, RecentLooks, toLookDrafts } from './looks.ts';

const look = (feedId: string, change: Partial<Look> = {}): Look => ({
  actor: { kind: 'person', id: 'duty-68' },
  feedId,
  regionId: 'UA-68',
  takenAt: '2026-11-22T14:05:00.000Z',
  ...change,
});

test('one entry for each person and region, that says which picture was seen', () => {
  const other = { actor: { kind: 'person', id: 'oncall' } } as const;
  const drafts = toLookDrafts([
    look('cam-1'),
    look('cam-2', { regionId: 'UA-05' }),
    look('cam-3'),
    look('cam-1', other),
  ]);
  expect(
    drafts.map(({ regionId, draft }) => [regionId, draft.actor.id, Object.keys(draft.details ?? {})]),
  ).toEqual([
    ['UA-68', 'duty-68', ['cam-1', 'cam-3']],
    ['UA-05', 'duty-68', ['cam-2']],
    ['UA-68', 'oncall', ['cam-1']],
  ]);
  expect(drafts[0]?.draft).toMatchObject({
    action: 'poster.view',
    outcome: 'done',
    resource: 'region:UA-68',
  });
});

test('no look is left out, none is merged with another, and every entry fits the audit', () => {
  const anyLook = fc
    .tuple(fc.constantFrom('cam-1', 'cam-2', 'a'.repeat(64)), fc.constantFrom('UA-68', 'UA-05'), fc.nat(99))
    .map(([feedId, regionId, second]) =>
      look(feedId, { regionId, takenAt: new Date(second * 1000).toISOString() }),
    );
  fc.assert(
    fc.property(fc.array(anyLook, { maxLength: 150 }), (looks) => {
      const drafts = toLookDrafts(looks);
      const told = drafts.flatMap(({ regionId, draft }) =>
        Object.entries(draft.details ?? {}).map(([feedId, takenAt]) => `${regionId} ${feedId} ${takenAt}`),
      );
      expect(told.toSorted()).toEqual(
        looks.map(({ regionId, feedId, takenAt }) => `${regionId} ${feedId} ${takenAt}`).toSorted(),
      );
      for (const { draft } of drafts)
        expect(AuditEntry.shape.details.safeParse(draft.details).success).toBe(true);
    }),
  );
});

test('the same person at the same feed is a new look only after a while', () => {
  const recent = new RecentLooks();
  expect(recent.isNew(look('cam-1'), 0)).toBe(true);
  expect(recent.isNew(look('cam-1'), LOOK_AGAIN_MS - 1)).toBe(false);
  expect(recent.isNew(look('cam-2'), 1)).toBe(true);
  expect(recent.isNew(look('cam-1', { actor: { kind: 'person', id: 'oncall' } }), 1)).toBe(true);
  expect(recent.isNew(look('cam-1'), LOOK_AGAIN_MS)).toBe(true);
});
