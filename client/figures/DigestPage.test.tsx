import '../design/base.css';
import { afterEach, expect, test } from 'vitest';
import { page as browserPage } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { DIGEST_COLUMNS, type DigestReply } from '#contract/figures.ts';
import { sampleCells, sampleDigest } from '../test/figures-samples.ts';
import { sampleRegion, sampleWireRegistry } from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { DigestPage } from './DigestPage.tsx';
import { DIGEST_GROUPS } from './digest-groups.ts';

let dispose = () => {};
afterEach(() => dispose());

const LIMIT = {
  normSet: 'ua-cpc',
  label: { uk: 'до суду', en: 'to court' },
  standing: 'law',
} as const;

async function openDigest(answer: (path: string) => DigestReply) {
  history.replaceState(null, '', '/figures/digest?month=2026-11');
  const { desk } = createTestDesk({
    actions: ['status.read', 'figures.read'],
    registry: sampleWireRegistry({
      regions: [
        sampleRegion(),
        sampleRegion({ id: 'UA-46', name: { uk: 'Львівська область', en: 'Lviv oblast' } }),
        sampleRegion({ id: 'UA-43', name: { uk: 'Крим', en: 'Crimea' }, status: 'temporarily-occupied' }),
      ],
      limits: [
        { ...LIMIT, limit: 'court', source: { uk: 'КПК, ст. 211', en: 'CPC, art. 211' } },
        { ...LIMIT, limit: 'suspicion', source: { uk: 'КПК, ст. 278', en: 'CPC, art. 278' } },
        { ...LIMIT, limit: 'again', source: { uk: 'КПК, ст. 211', en: 'CPC, art. 211' } },
        { ...LIMIT, limit: 'soon', kind: 'duty', source: { uk: 'ПОРОГ', en: 'GRACE' } },
        { ...LIMIT, limit: 'cpt', standing: 'guidance', source: { uk: 'НАСТАНОВА', en: 'GUIDE' } },
      ],
    }),
    get: (path) => (path.includes('/digest') ? { ok: true, value: answer(path) } : undefined),
  });
  dispose = () => desk[Symbol.dispose]();
  const screen = await render(
    <Surroundings desk={desk}>
      <DigestPage />
    </Surroundings>,
  );
  await expect.element(screen.getByRole('heading', { level: 1 })).toBeVisible();
  return screen;
}

const cell = (row: string, column: string) =>
  document.querySelector(`${row} [data-column="${column}"]`)?.textContent?.replace(/\s/g, ' ');

test('every column is in one table and in the totals, with the number of its region', async () => {
  expect(DIGEST_GROUPS.flatMap(({ columns }) => [...columns]).toSorted()).toEqual(
    [...DIGEST_COLUMNS].toSorted(),
  );
  const cells = Object.fromEntries(
    DIGEST_COLUMNS.map((column, index) => [column, { is: 'value' as const, value: 1_000 + index }]),
  );
  const total = Object.fromEntries(
    DIGEST_COLUMNS.map((column, index) => [column, { is: 'value' as const, value: 9_000 + index }]),
  );
  await openDigest(() => sampleDigest({ rows: [{ regionId: 'UA-46', reporting: true, cells }], total }));
  DIGEST_COLUMNS.forEach((column, index) => {
    expect(cell('[data-region="UA-46"]', column), column).toBe(`1 ${String(index).padStart(3, '0')}`);
    expect(cell('tfoot', column), column).toBe(`9 ${String(index).padStart(3, '0')}`);
    const told = document.querySelector(`[data-total="${column}"] dd`)?.textContent?.replace(/\s/g, ' ');
    expect(told, column).toBe(`9 ${String(index).padStart(3, '0')}`);
  });
});

test('small numbers are not told, nor what they could be computed from; occupied regions have no data', async () => {
  await openDigest(() =>
    sampleDigest({
      rows: [
        { regionId: 'UA-68', reporting: true, cells: sampleCells({ is: 'few' }) },
        { regionId: 'UA-46', reporting: true, cells: sampleCells({ is: 'hidden' }) },
        { regionId: 'UA-43', reporting: false, cells: sampleCells({ is: 'value', value: 0 }) },
      ],
      total: sampleCells({ is: 'hidden' }),
    }),
  );
  for (const column of DIGEST_COLUMNS) {
    expect(cell('[data-region="UA-68"]', column)).toBe('<5');
    expect(cell('[data-region="UA-46"]', column)).toBe('×');
    expect(cell('[data-region="UA-43"]', column)).toBeUndefined();
    expect(cell('tfoot', column)).toBe('×');
  }
  const occupied = [...document.querySelectorAll('[data-region="UA-43"]')].map((row) => row.textContent);
  expect(occupied).toEqual(DIGEST_GROUPS.map(() => 'Кримнемає даних: тимчасово окуповано'));
});

test('it says its period, its sources and its law; what is invented or provisional says so', async () => {
  const screen = await openDigest(() => sampleDigest({ sample: true, provisional: true }));
  await expect
    .element(screen.getByText(/1 листопада 2026 р\. – 30 листопада 2026 р\., за київським часом/))
    .toBeVisible();
  await expect.element(screen.getByText(/^ВИГАДАНІ ДАНІ/)).toBeVisible();
  await expect.element(screen.getByText(/^Попередньо/)).toBeVisible();
  // On every table as well: sheets of paper come apart.
  expect(document.body.textContent.match(/листопад 2026 р\. · вигадані дані/g)).toHaveLength(
    DIGEST_GROUPS.length,
  );
  await expect.element(screen.getByText('КПК, ст. 211')).toBeVisible();
  expect(screen.getByText('КПК, ст. 211').elements()).toHaveLength(1);
  for (const other of ['ПОРОГ', 'НАСТАНОВА']) expect(screen.getByText(other).query()).toBeNull();
});

test('another month is asked for, and stands on the sheet when it has come', async () => {
  const screen = await openDigest((path) =>
    sampleDigest({ month: new URL(path, location.origin).searchParams.get('month') ?? '' }),
  );
  await screen.getByRole('button', { name: 'Попередній місяць' }).click();
  await expect.element(screen.getByRole('heading', { level: 1, name: /жовтень 2026/ })).toBeVisible();
});

test('in a hand nothing is cut: a region is a block of lines', async () => {
  await browserPage.viewport(390, 844);
  try {
    await openDigest(() => sampleDigest());
    const sheet = document.querySelector('article');
    expect(sheet?.scrollWidth).toBeLessThanOrEqual(sheet?.clientWidth ?? 0);
    const wide = [...document.querySelectorAll('article *')].filter(
      (one) => one.getBoundingClientRect().right > 390 && !one.closest('thead'),
    );
    expect(wide).toEqual([]);
  } finally {
    await browserPage.viewport(1280, 800);
  }
});
