import { expect, test } from 'vitest';
import type { Flag } from '#contract/flags.ts';
import type { PrivacyClass } from '#contract/nation.ts';
import type { PurposeId } from '#contract/personal.ts';
import type { Principal } from '../../access/decide.ts';
import { createRegistry } from '../../nation/registry.ts';
import { areaStatus } from '../../test/fixtures/live-records.ts';
import { mediaNation } from '../../test/fixtures/media-nation.ts';
import { NOTHING_STATED } from '../purposes/purpose-of.ts';
import { PageRights } from './page-rights.ts';

const CELL = 'ua-68-itt-1-cell-1-cam-1';
const MEDICAL = 'ua-68-itt-1-medical-cam-1';
const DUTY: Principal = {
  kind: 'person',
  username: 'd',
  role: 'duty',
  scope: { kind: 'regions', regionIds: ['UA-68'] },
};

/** A page of the region's duty centre, whose session has stated this, in a nation whose areas are empty. */
function setUp({ stated = [] as [PrivacyClass, PurposeId][], flagged = [] as string[] } = {}) {
  const read: string[] = [];
  const audited: object[] = [];
  const page = {
    socket: { data: { principal: DUTY, sessionId: 'session-1' } },
    stated: NOTHING_STATED,
    isEnded: false,
  };
  const rights = new PageRights({
    registry: createRegistry(mediaNation),
    view: {
      area: (areaId) => areaStatus(areaId),
      flagsOf: (areaId) => (flagged.includes(areaId) ? [{ id: 'flag' } as Flag] : []),
    },
    purposes: {
      byClass: async (sessionId) => {
        read.push(sessionId);
        return new Map(stated);
      },
    },
    audit: { auditRefusal: (refusal) => audited.push(refusal) },
  });
  return { rights, page, read, audited };
}

const privacyOf = (feedId: string) => {
  const placed = createRegistry(mediaNation).feed(feedId);
  if (!placed) throw new Error(`no feed ${feedId}`);
  return placed.area.privacy;
};

test('what the session has stated for areas of the class is what they are opened for', async () => {
  const { rights, page } = setUp({ stated: [[privacyOf(CELL), 'supervision']] });
  const { opened, refused } = await rights.open(page, [CELL]);
  expect([[...opened], refused]).toEqual([[[CELL, 'supervision']], []]);
  expect(rights.ask(page, CELL)).toMatchObject({ allow: true, purpose: 'supervision', asksPurpose: false });
});

test('where nothing was stated, the feed is refused, beside others that are opened', async () => {
  expect(privacyOf(CELL)).not.toBe(privacyOf(MEDICAL));
  const { rights, page } = setUp({ stated: [[privacyOf(CELL), 'supervision']] });
  const { opened, refused } = await rights.open(page, [CELL, MEDICAL]);
  expect([[...opened.keys()], refused]).toEqual([[CELL], [MEDICAL]]);
});

test('an open flag is a purpose of its own, and nothing is read for it', async () => {
  const { rights, page, read } = setUp({ flagged: ['ua-68-itt-1-cell-1'] });
  const { opened } = await rights.open(page, [CELL]);
  expect([...opened]).toEqual([[CELL, 'alarm']]);
  expect(read).toEqual([]);
});

test('what is stated is read once for all, and not again while it is known', async () => {
  const { rights, page, read } = setUp({ stated: [[privacyOf(CELL), 'supervision']] });
  await rights.open(page, [CELL, 'ua-68-itt-1-cell-2-cam-1']);
  await rights.open(page, [CELL]);
  expect(read).toEqual(['session-1']);
});

test('nothing is opened for a session that ended while its purposes were read', async () => {
  const { rights, page } = setUp({ stated: [[privacyOf(CELL), 'supervision']] });
  const opening = rights.open(page, [CELL]);
  page.isEnded = true;
  await expect(opening).rejects.toThrow(expect.objectContaining({ code: 'unauthenticated' }));
  expect(page.stated).toBe(NOTHING_STATED);
});

test('what is refused is told with its area, as far as there is one', () => {
  const { rights, page, audited } = setUp();
  rights.noteRefusal(page, CELL, 'purpose_required');
  rights.noteRefusal(page, 'no-such-feed', 'unknown_feed');
  expect(audited).toMatchObject([
    { principal: DUTY, action: 'feed.watch', code: 'purpose_required', resource: { kind: 'area' } },
  ]);
});
