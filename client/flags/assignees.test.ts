import { expect, test } from 'vitest';
import type { Assignee } from '#contract/alerts.ts';
import { failure } from '../session/failure.ts';
import { sampleFlag } from '../test/samples.ts';
import { assigneesOfAll, placesOf } from './assignees.ts';

const inFacility = (regionId: string, facilityId: string) => sampleFlag({ regionId, facilityId });
const person = (username: string): Assignee => ({
  username,
  displayName: { uk: username, en: username },
  role: 'duty',
});
const region = (number: number) => ({
  regionId: `UA-${String(number).padStart(2, '0')}`,
  facilityId: undefined,
});

test('a region is asked for, or its one facility where all flags of the region are of that', () => {
  const flags = [
    inFacility('UA-68', 'ua-68-itt-1'),
    inFacility('UA-68', 'ua-68-itt-2'),
    inFacility('UA-05', 'ua-05-itt-1'),
    inFacility('UA-05', 'ua-05-itt-1'),
  ];
  expect(placesOf(flags, { kind: 'nation' })).toEqual([
    { regionId: 'UA-68', facilityId: undefined },
    { regionId: 'UA-05', facilityId: 'ua-05-itt-1' },
  ]);
});

test('whoever has only facilities asks for each of them, as no region is theirs', () => {
  const flags = [inFacility('UA-68', 'ua-68-itt-1'), inFacility('UA-68', 'ua-68-itt-2')];
  expect(placesOf(flags, { kind: 'facilities', facilityIds: ['ua-68-itt-1', 'ua-68-itt-2'] })).toEqual([
    { regionId: 'UA-68', facilityId: 'ua-68-itt-1' },
    { regionId: 'UA-68', facilityId: 'ua-68-itt-2' },
  ]);
});

test('only those are offered who can have the flags of every place; a few places are asked for at once', async () => {
  let [now, most] = [0, 0];
  const outcome = await assigneesOfAll(
    Array.from({ length: 27 }, (_, index) => region(index)),
    async ({ regionId }) => {
      now += 1;
      most = Math.max(most, now);
      await Promise.resolve();
      now -= 1;
      return {
        ok: true,
        value: { items: [person(`duty-${regionId}`), person('situation')], nextCursor: null },
      };
    },
  );
  expect(outcome).toMatchObject({ ok: true, value: [{ username: 'situation' }] });
  expect(most).toBe(4);
});

test('once there is nobody, or a place does not answer, no further one is asked for', async () => {
  const places = Array.from({ length: 27 }, (_, index) => region(index));
  const asked: string[] = [];
  const nobody = await assigneesOfAll(places, async ({ regionId }) => {
    asked.push(regionId);
    return { ok: true, value: { items: [person(`duty-${regionId}`)], nextCursor: null } };
  });
  expect(nobody).toEqual({ ok: true, value: [] });
  expect(asked).toHaveLength(4);
  const refused = await assigneesOfAll(places, async ({ regionId }) => {
    asked.push(regionId);
    return failure('store_unavailable');
  });
  expect(refused).toMatchObject({ ok: false, code: 'store_unavailable' });
  expect(asked).toHaveLength(8);
});
