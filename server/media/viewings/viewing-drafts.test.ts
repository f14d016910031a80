import { expect, test } from 'vitest';
import { AuditEntry } from '#contract/audit.ts';
import { toViewingDrafts, type ViewingNote } from './viewing-drafts.ts';

const FROM_MS = Date.parse('2026-11-22T14:05:00.000Z');
const actor = { kind: 'person', id: 'duty-68' } as const;
const begin = (feedId: string, change: Partial<ViewingNote> = {}): ViewingNote =>
  ({
    kind: 'begin',
    actor,
    viewerId: 'viewer-0001',
    feedId,
    regionId: 'UA-68',
    fromMs: FROM_MS,
    ...change,
  }) as ViewingNote;
const end = (feedId: string): ViewingNote => ({ ...begin(feedId), kind: 'end', toMs: FROM_MS + 90_000 });

test('one entry for each page, region and kind', () => {
  const drafts = toViewingDrafts([
    begin('cam-1'),
    begin('cam-2'),
    begin('cam-3', { regionId: 'UA-46' }),
    end('cam-1'),
    begin('cam-1', { viewerId: 'viewer-0002' }),
  ]);
  expect(drafts.map(({ regionId, draft }) => [regionId, draft.action, draft.details])).toEqual([
    [
      'UA-68',
      'viewing.begin',
      { viewerId: 'viewer-0001', 'cam-1': '2026-11-22T14:05:00.000Z', 'cam-2': '2026-11-22T14:05:00.000Z' },
    ],
    ['UA-46', 'viewing.begin', { viewerId: 'viewer-0001', 'cam-3': '2026-11-22T14:05:00.000Z' }],
    [
      'UA-68',
      'viewing.end',
      { viewerId: 'viewer-0001', 'cam-1': '2026-11-22T14:05:00.000Z/2026-11-22T14:06:30.000Z' },
    ],
    ['UA-68', 'viewing.begin', { viewerId: 'viewer-0002', 'cam-1': '2026-11-22T14:05:00.000Z' }],
  ]);
});

test('nothing is left out: a feed seen twice is in two entries, and large entries are divided', () => {
  const twice = toViewingDrafts([begin('cam-1'), begin('cam-1')]);
  expect(twice).toHaveLength(2);
  const notes = Array.from({ length: 192 }, (_, index) => begin(`cam-${index}`));
  const drafts = toViewingDrafts(notes);
  expect(drafts.flatMap((draft) => draft.notes)).toEqual(notes);
  expect(Math.max(...drafts.map((draft) => draft.notes.length))).toBeLessThanOrEqual(64);
});

test('entries fit the audit', () => {
  const longest = `${'a'.repeat(60)}-cam`;
  const [first] = toViewingDrafts([end(longest)]);
  expect(AuditEntry.shape.details.safeParse(first?.draft.details).success).toBe(true);
  expect(AuditEntry.shape.resource.safeParse(first?.draft.resource).success).toBe(true);
});
