import '../design/base.css';
import { afterEach, expect, test } from 'vitest';
import { render } from 'vitest-browser-react';
import { Router } from 'wouter';
import { memoryLocation } from 'wouter/memory-location';
import { ClosureList, MaskPage } from '#contract/closures.ts';
import type { Outcome } from '../session/failure.ts';
import { inMinutes, NOON } from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { ClosuresPage } from './ClosuresPage.tsx';

const FACILITY = 'ua-68-itt-2';
const CELL = `${FACILITY}-cell-4`;
const PLACE = { areaId: CELL, facilityId: FACILITY, regionId: 'UA-68' };
const USE = {
  timesInWeek: 3,
  isCut: false,
  timesInDay: 1,
  timesLimit: 6,
  minutesInDay: 83,
  minutesLimit: 360,
};
const CLOSURES = ClosureList.parse({
  at: NOON,
  lifted: [
    {
      ...PLACE,
      ...{ since: inMinutes(-3), until: inMinutes(7), by: 'duty-68', reason: 'Не рухається' },
      ...{ caseId: 'cr-68-1-000001', observation: 4 },
    },
  ],
  closed: [
    {
      ...PLACE,
      since: inMinutes(-20),
      gate: { since: inMinutes(-20), until: inMinutes(10), by: 'situation', reason: null },
      visits: [],
      use: { ...USE, timesInWeek: 12, isCut: true, timesInDay: 7 },
    },
    {
      ...PLACE,
      areaId: `${FACILITY}-cell-2`,
      since: inMinutes(-9),
      gate: null,
      visits: [
        { kind: 'lawyer', caseId: 'cr-68-1-000002', since: inMinutes(-9), until: inMinutes(231) },
        { kind: 'medical', caseId: 'cr-68-1-000003', since: inMinutes(-5), until: inMinutes(55) },
      ],
      use: USE,
    },
  ],
  isCut: false,
});
const MASKS = MaskPage.parse({
  items: [
    { ...PLACE, feeds: 1, byNodes: 0 },
    { ...PLACE, areaId: `${FACILITY}-cell-2`, feeds: 2, byNodes: 1 },
  ],
  nextCursor: null,
});

let dispose = () => {};
afterEach(() => dispose());

async function open(actions: string[]) {
  const asked: string[] = [];
  const stills: string[] = [];
  const page = createTestDesk({
    actions,
    get: (path): Outcome<unknown> | undefined => {
      asked.push(path);
      if (path.startsWith('/api/v1/closures')) return { ok: true, value: CLOSURES };
      return path.startsWith('/api/v1/masks') ? { ok: true, value: MASKS } : undefined;
    },
    poster: (path) => {
      stills.push(path);
      return new Response(null, { status: 404 });
    },
  });
  dispose = () => page.desk[Symbol.dispose]();
  const { hook } = memoryLocation({ path: '/closures' });
  const screen = await render(
    <Router hook={hook}>
      <Surroundings desk={page.desk}>
        <ClosuresPage />
      </Surroundings>
    </Router>,
  );
  return { asked, stills, screen };
}

test('what is shown and what is closed stands with who, why, until when, and how often against the limit', async () => {
  const { screen } = await open(['status.read', 'mask.read', 'closure.read', 'case.read']);
  const row = (name: string, areaId = CELL) => screen.container.querySelector(`[data-${name}="${areaId}"]`);
  await expect.poll(() => row('lifted')?.textContent).toContain('показано: duty-68');
  expect(row('lifted')?.textContent).toContain('Не рухається');
  expect(row('lifted')?.textContent).toContain('рівень нагляду: 4');
  expect(row('lifted')?.querySelector('a')?.getAttribute('href')).toBe(`/cases/${FACILITY}/cr-68-1-000001`);

  expect(row('closed')?.textContent).toContain('закрито: situation');
  expect(row('closed')?.textContent).toContain('підставу тут не вказано');
  expect(row('closed')?.textContent).toContain('за 7 днів щонайменше 12 разів');
  expect(row('closed')?.textContent).toContain('за добу 7 разів (межа 6)');
  expect(row('closed')?.textContent).toContain('понад межу');
  const visit = row('closed', `${FACILITY}-cell-2`);
  expect(visit?.textContent).toContain('захисник');
  expect(visit?.textContent).not.toContain('понад межу');
  expect(visit?.textContent).toContain('за добу 1 год 23 хв (межа 6 год)');
  // One below the other, each large enough to be hit (WCAG 2.2, 2.5.8).
  const links = [...(visit?.querySelectorAll('a[href^="/cases/"]') ?? [])];
  expect(links).toHaveLength(2);
  for (const link of links) expect(link.getBoundingClientRect().height).toBeGreaterThanOrEqual(24);

  await expect.poll(() => row('masked')?.textContent).toContain('приховує обладнання закладу');
  expect(row('masked', `${FACILITY}-cell-2`)?.textContent).toContain('Варта приховує на 1 з 2 камер');
});

test('administrators see where pictures are covered, and neither what stands nor any still', async () => {
  const { screen, asked, stills } = await open(['registry.read', 'mask.read']);
  await expect.poll(() => screen.container.querySelectorAll('[data-masked]').length).toBe(2);
  expect(asked.filter((path) => path.includes('closures'))).toEqual([]);
  expect(screen.container.querySelectorAll('img, video, canvas, picture')).toHaveLength(0);
  expect(screen.container.querySelectorAll('[data-lifted], [data-closed]')).toHaveLength(0);
  expect(stills).toEqual([]);
});
