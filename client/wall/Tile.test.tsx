import '../design/base.css';
import { afterEach, expect, test, vi } from 'vitest';
import { render } from 'vitest-browser-react';
import type { Flag } from '#contract/flags.ts';
import { POSTER_TAKEN_AT_HEADER } from '#contract/posters.ts';
import type { AreaStatus } from '#contract/status.ts';
import { failure } from '../session/failure.ts';
import {
  sampleArea,
  sampleClock,
  sampleDelta,
  sampleFeed,
  sampleFlag,
  sampleSnapshot,
  sampleStatus,
  sampleWireRegistry,
} from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { Tile } from './Tile.tsx';

const AREA = 'ua-68-itt-2-cell-4';
const FEED = 'ua-68-itt-2-cell-4-cam-1';
const soon = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

let dispose = () => {};
afterEach(() => {
  dispose();
  document.documentElement.style.removeProperty('--scale');
});

async function showTile(
  world: Parameters<typeof createTestDesk>[0] = {},
  language: 'uk' | 'en' = 'uk',
  prepare: (node: ReturnType<typeof createTestDesk>['node']) => void = () => {},
) {
  const page = createTestDesk(world);
  prepare(page.node);
  dispose = () => page.desk[Symbol.dispose]();
  const onOpen = vi.fn();
  const onRaise = vi.fn();
  const screen = await render(
    <Surroundings desk={page.desk} language={language}>
      <div style={{ width: 640, height: 400, display: 'grid' }}>
        <Tile
          areaId={AREA}
          slot={0}
          pictureWidth={480}
          shown
          tabbable
          marked={false}
          onOpen={onOpen}
          onRaise={onRaise}
        />
      </div>
    </Surroundings>,
  );
  const tile = () => {
    const element = screen.container.querySelector<HTMLElement>(`[data-area-id="${AREA}"]`);
    if (!element) throw new Error('the tile is not there yet');
    return element;
  };
  return { ...page, screen, tile, onOpen, onRaise };
}

function snapshotOf(status: Partial<AreaStatus>, over: Parameters<typeof sampleSnapshot>[0] = {}) {
  const clock = {
    normSet: 'ua-cpc',
    limit: 'court',
    caseId: 'cr-68-2-000123',
    anchorAt: soon(-600),
    amberAt: soon(700),
    redAt: soon(800),
    dueAt: soon(14 * 60 + 5.5),
  };
  const full = sampleStatus({ clocks: [clock], nextCheckDueAt: soon(24), ...status });
  return [sampleSnapshot({ areas: [full], feeds: [sampleFeed()], ...over })];
}

test('a tile says where it is, how many are in, how much room they have and what its clock counts to', async () => {
  const { screen, tile } = await showTile({ snapshot: snapshotOf({}) });
  await expect.element(screen.getByText('Камера 4')).toBeVisible();
  await expect.element(screen.getByText('ІТТ №2 Хмельницький')).toBeVisible();
  await expect.element(screen.getByText('3/4')).toBeVisible();
  await expect.element(screen.getByText('5,0 м²')).toBeVisible();
  await expect.element(screen.getByText('до суду')).toBeVisible();
  await expect.element(screen.getByText('14 год 05 хв')).toBeVisible();
  expect(tile().dataset).toMatchObject({ areaId: AREA, feedId: FEED });
  expect(tile().querySelector('video')?.muted).toBe(true);
});

test('in English as well', async () => {
  const { screen } = await showTile({ snapshot: snapshotOf({}) }, 'en');
  await expect.element(screen.getByText('to court')).toBeVisible();
  await expect.element(screen.getByText('5.0 m²')).toBeVisible();
});

test('its feed is asked for, resumed when the element is there, and let go with the tile', async () => {
  const { node, screen, tile } = await showTile({ snapshot: snapshotOf({}) });
  await expect.poll(() => node.consumers.get(FEED)?.flowing).toBe(true);
  expect(tile().dataset.state).toBe('connecting');
  await screen.unmount();
  await expect.poll(() => node.consumers.get(FEED)?.flowing).toBe(false);
});

test('a flag gives shape, word and border; what is raised live appears at once', async () => {
  const { screen, sendDelta, tile } = await showTile({ snapshot: snapshotOf({}) });
  await expect.element(screen.getByText('Камера 4')).toBeVisible();
  sendDelta(sampleDelta(11, { flags: [sampleFlag({ severity: 2 })] }));
  await expect.element(screen.getByText('Швидко')).toBeVisible();
  expect(tile().dataset).toMatchObject({ level: '2', flag: 'raised' });
  expect(getComputedStyle(tile()).borderTopWidth).toBe('4px');
  // Read from farther away it is as much wider as the text is larger; taken, it is half as wide.
  document.documentElement.style.setProperty('--scale', '2.5');
  expect(getComputedStyle(tile()).borderTopWidth).toBe('10px');
  sendDelta(sampleDelta(12, { flags: [sampleFlag({ severity: 2, state: 'acknowledged', version: 2 })] }));
  await expect.poll(() => getComputedStyle(tile()).borderTopWidth).toBe('5px');
  sendDelta(sampleDelta(13, { flags: [sampleFlag({ severity: 2, state: 'resolved', version: 3 })] }));
  await expect.poll(() => tile().dataset.level).toBeUndefined();
});

test('what is only to be gone through frames no tile; a worse flag beside it does', async () => {
  const review = sampleFlag({
    id: '00000000-0000-4000-8000-000000000004',
    severity: 4,
    category: 'deadline',
  });
  const { screen, sendDelta, tile } = await showTile({ snapshot: snapshotOf({}, { flags: [review] }) });
  await expect.element(screen.getByText('Камера 4')).toBeVisible();
  expect(tile().dataset.level).toBeUndefined();
  expect(screen.getByText('Переглянути').query()).toBeNull();
  expect(getComputedStyle(tile()).borderTopWidth).toBe('0px');
  sendDelta(sampleDelta(11, { flags: [sampleFlag({ severity: 3 })] }));
  await expect.poll(() => tile().dataset.level).toBe('3');
});

test('room that a norm calls too little has sign, word and colour; room that is merely short has the sign', async () => {
  const space = (m2PerPerson: number, level: 'amber' | 'red', limit: string) => ({
    m2PerPerson,
    level,
    below: { normSet: 'echr', limit },
  });
  const { screen, sendDelta, tile } = await showTile({
    snapshot: snapshotOf({ headcount: 5, space: { ...space(2.97, 'red', 'space-3'), overCapacity: true } }),
  });
  await expect.element(screen.getByText('2,9 м²')).toBeVisible();
  await expect.element(screen.getByText('замало місця')).toBeVisible();
  await expect.element(screen.getByText('понад місткість')).toBeVisible();
  const room = () => tile().querySelector<HTMLElement>('[data-room]');
  const red = room() && getComputedStyle(room() as HTMLElement).color;
  sendDelta(sampleDelta(11, { areas: [sampleStatus({ space: space(3.8, 'amber', 'space-4') })] }));
  await expect.element(screen.getByText('3,8 м²')).toBeVisible();
  expect(screen.getByText('замало місця').query()).toBeNull();
  expect(room()?.querySelector('svg')).not.toBeNull();
  expect(getComputedStyle(room() as HTMLElement).color).not.toBe(red);
});

test('findings are said in words, and somebody at risk has a sign', async () => {
  const since = '2026-11-22T11:51:00.000Z';
  const { screen } = await showTile({
    snapshot: snapshotOf({
      vulnerabilities: ['at-risk'],
      findings: [
        { normSet: 'ua-order-777', code: 'minor-with-adult', since },
        { normSet: 'record', code: 'record-without-presence', since },
      ],
    }),
    registry: sampleWireRegistry({
      limits: [
        {
          normSet: 'ua-order-777',
          limit: 'minor-with-adult',
          label: { uk: 'неповнолітній з дорослими', en: 'a minor with adults' },
          source: { uk: 'Наказ № 777', en: 'Order 777' },
          standing: 'law',
          kind: 'separation',
        },
      ],
    }),
  });
  await expect.element(screen.getByText('неповнолітній з дорослими')).toBeVisible();
  await expect.element(screen.getByText('за записом люди є, нікого не видно')).toBeVisible();
  await expect.element(screen.getByText('ризик')).toBeVisible();
});

test('a confidential area shows since when, and has no picture in the document', async () => {
  const { node, screen, sendDelta, tile } = await showTile({ snapshot: snapshotOf({}) });
  await expect.poll(() => node.consumers.get(FEED)?.flowing).toBe(true);
  expect(tile().querySelector('video')?.srcObject).not.toBeNull();
  sendDelta(sampleDelta(11, { areas: [sampleStatus({ confidentialSince: '2026-11-20T12:05:00.000Z' })] }));
  await expect.element(screen.getByText('Конфіденційно з 20 листопада о 14:05')).toBeVisible();
  expect(tile().dataset.state).toBe('confidential');
  expect(tile().querySelector('video')?.srcObject).toBeNull();
  await expect.poll(() => node.consumers.get(FEED)?.flowing).toBe(false);
  sendDelta(sampleDelta(12, { areas: [sampleStatus()] }));
  await expect.poll(() => tile().querySelector('video')?.srcObject).not.toBeNull();
});

test('an area that may not be filmed with people inside is closed, and nobody asks for it', async () => {
  const area = sampleArea({ kind: 'lawyer-room', privacy: 'forbidden-when-occupied', capacity: 0 });
  const { node, screen, tile } = await showTile({
    registry: sampleWireRegistry({ areas: [area] }),
    snapshot: snapshotOf({ headcount: 2 }),
  });
  await expect.element(screen.getByText('без відео, коли є люди')).toBeVisible();
  expect(tile().dataset.state).toBe('confidential');
  expect(node.messages.filter((message) => message.startsWith('watch'))).toEqual([]);
});

test('a camera that is lost says since when, and how many are alone with it', async () => {
  const feeds = [sampleFeed({ state: 'lost', since: '2026-11-20T11:51:00.000Z' })];
  const { screen, tile } = await showTile({ snapshot: snapshotOf({ headcount: 2 }, { feeds }) });
  await expect.element(screen.getByText('Відео втрачено з 20 листопада о 13:51')).toBeVisible();
  await expect.element(screen.getByText('Камера не відповідає · усередині 2 особи')).toBeVisible();
  expect(tile().dataset.state).toBe('lost');
});

test.each([
  ['auth', 'Камера не приймає пароль', 'Перевірте ім’я та пароль нашого облікового запису на камері.'],
  ['unreachable', 'Камера недоступна', 'Перевірте живлення, мережу й адресу камери.'],
] as const)('a lost camera says why and what helps: %s', async (fault, why, advice) => {
  const feeds = [sampleFeed({ state: 'lost', faults: ['frozen', fault] })];
  const { screen, sendDelta, tile } = await showTile({ snapshot: snapshotOf({ headcount: 3 }, { feeds }) });
  await expect.element(screen.getByText(`${why} · усередині 3 особи`)).toBeVisible();
  await expect.element(screen.getByText(advice)).toBeVisible();
  expect(tile().dataset.state).toBe('lost');
  sendDelta(sampleDelta(11, { areas: [sampleStatus({ headcount: 0 })] }));
  await expect.element(screen.getByText(why, { exact: true })).toBeVisible();
});

test('an area that waits for its encoder says why it was sent away, if it was', async () => {
  const area = sampleArea();
  const feeds = area.feeds.map((feed) => ({ ...feed, source: 'whip' as const }));
  const idle = sampleFeed({ state: 'idle' });
  const { screen, sendDelta, tile } = await showTile(
    {
      registry: sampleWireRegistry({ areas: [{ ...area, feeds }] }),
      snapshot: snapshotOf({}, { feeds: [idle] }),
    },
    'uk',
    (node) => node.refusals.set(FEED, 'feed_not_live'),
  );
  const waits = /Чекаємо, поки кодувальник почне передавати/;
  await expect.element(screen.getByText(waits)).toBeVisible();
  // Somebody is inside, and nothing shows them.
  expect(tile().dataset.state).toBe('lost');
  sendDelta(sampleDelta(11, { feeds: [sampleFeed({ state: 'idle', faults: ['b-frames'] })] }));
  await expect.element(screen.getByText(/Увімкнено B-кадри/)).toBeVisible();
  await expect
    .element(screen.getByText('Вимкніть на камері B-кадри або оберіть профіль Baseline.'))
    .toBeVisible();
  sendDelta(sampleDelta(12, { feeds: [sampleFeed({ state: 'lost', faults: ['dtls'] })] }));
  await expect.element(screen.getByText(/Шифрування не узгоджено/)).toBeVisible();
  await expect.element(screen.getByText(/сертифікат P-256/)).toBeVisible();
});

test.each(['308px', '200px'])('a small tile %s wide names its clock in a word or two', async (width) => {
  const registry = sampleWireRegistry();
  const { screen, tile } = await showTile({
    registry: {
      ...registry,
      limits: registry.limits.map((limit) => ({
        ...limit,
        label: { uk: 'повідомити центр правової допомоги', en: 'tell legal aid' },
        short: { uk: 'близькі', en: 'relatives' },
      })),
    },
    snapshot: snapshotOf({ headcount: 6 }),
  });
  const room = tile().parentElement;
  if (!room) throw new Error('no room');
  const [long, short] = [screen.getByText('повідомити центр правової допомоги'), screen.getByText('близькі')];
  room.style.width = '640px';
  await expect.element(long).toBeVisible();
  await expect.element(short).not.toBeVisible();
  room.style.width = width;
  await expect.element(short).toBeVisible();
  await expect.element(long).not.toBeVisible();
  const time = screen.getByText('14 год 05 хв').element().getBoundingClientRect();
  const box = short.element().getBoundingClientRect();
  expect(short.element().scrollWidth).toBe(short.element().clientWidth);
  expect(box.right).toBeLessThanOrEqual(time.left);
  expect(time.right).toBeLessThanOrEqual(tile().getBoundingClientRect().right);
  expect(tile().querySelector('[data-clock]')?.getAttribute('title')).toContain('повідомити центр');
});

test.each(['200px', '240px', '270px', '321px'])(
  'however much else a tile %s wide has to say, its time is whole and not without what it counts to',
  async (width) => {
    const { screen, tile } = await showTile({
      snapshot: snapshotOf({
        headcount: 6,
        space: { level: 'red', m2PerPerson: 2.5 },
        vulnerabilities: ['at-risk'],
      }),
    });
    const room = tile().parentElement;
    if (!room) throw new Error('no room');
    room.style.width = width;
    await expect.poll(() => `${tile().getBoundingClientRect().width}px`).toBe(width);
    const label = screen.getByText('до суду').element().getBoundingClientRect();
    const time = screen.getByText('14 год 05 хв').element().getBoundingClientRect();
    expect(label.width).toBeGreaterThan(30);
    expect(label.top).toBeLessThan(time.bottom);
    expect(label.right).toBeLessThanOrEqual(time.left);
    expect(time.right).toBeLessThanOrEqual(tile().getBoundingClientRect().right);
  },
);

test.each(['240px', '270px', '321px', '380px'])(
  'a frozen picture in a crowded tile %s wide leaves the time of its clock whole',
  async (width) => {
    const { screen, tile } = await showTile({
      snapshot: snapshotOf({
        headcount: 6,
        space: { level: 'red', m2PerPerson: 2.5 },
        vulnerabilities: ['at-risk'],
      }),
    });
    const room = tile().parentElement;
    const fresh = tile().querySelector<HTMLElement>('[data-fresh]');
    if (!room || !fresh) throw new Error('no room');
    room.style.width = width;
    // As Freshness says it; no camera is needed for the room that it takes.
    fresh.dataset.fresh = 'frozen';
    fresh.textContent = 'завмерло о 14:32:56';
    await expect.poll(() => `${tile().getBoundingClientRect().width}px`).toBe(width);
    const time = screen.getByText('14 год 05 хв').element();
    const line = tile().querySelector('[data-clock]')?.getBoundingClientRect();
    expect(time.getBoundingClientRect().left).toBeGreaterThanOrEqual(line?.left ?? Infinity);
    expect(time.getBoundingClientRect().right).toBeLessThanOrEqual(fresh.getBoundingClientRect().left);
    expect(fresh.getBoundingClientRect().right).toBeLessThanOrEqual(tile().getBoundingClientRect().right);
  },
);

test.each([
  ['повідомити центр правової допомоги', true],
  ['до суду', false],
])('a clock is cut short before it is left without what it counts to: %s', async (words, isCut) => {
  const registry = sampleWireRegistry();
  const { screen, tile } = await showTile({
    registry: {
      ...registry,
      limits: registry.limits.map((limit) => ({ ...limit, label: { uk: words, en: words } })),
    },
    snapshot: snapshotOf({ headcount: 6, space: { level: 'red', m2PerPerson: 2.5 } }),
  });
  await expect.element(screen.getByText('2,5 м²')).toBeVisible();
  const room = tile().parentElement;
  if (!room) throw new Error('no room');
  room.style.width = '308px';
  await expect.poll(() => tile().getBoundingClientRect().width).toBe(308);
  const label = screen.getByText(words).element();
  const time = screen.getByText('14 год 05 хв').element().getBoundingClientRect();
  const box = label.getBoundingClientRect();
  expect(box.width).toBeGreaterThan(30);
  expect(box.top).toBeLessThan(time.bottom);
  expect(box.right).toBeLessThanOrEqual(time.left);
  expect(label.scrollWidth > label.clientWidth).toBe(isCut);
});

test('an area without a camera is no fault', async () => {
  const { screen, tile } = await showTile({
    registry: sampleWireRegistry({ areas: [sampleArea({ feeds: [] })] }),
    snapshot: snapshotOf({ headcount: 0, clocks: [] }),
  });
  await expect.element(screen.getByText('Камери немає')).toBeVisible();
  await expect.element(screen.getByText('порожньо')).toBeVisible();
  expect(tile().dataset).toMatchObject({ state: 'idle', empty: 'true' });
  expect(tile().dataset.unknown).toBeUndefined();
});

const UNHEARD: [string, Parameters<typeof createTestDesk>[0], string][] = [
  [
    'before the first snapshot',
    { get: (path) => (path.includes('/live/snapshot') ? failure('offline') : undefined) },
    'connecting',
  ],
  [
    'of an area that was never heard of',
    { snapshot: [sampleSnapshot({ feeds: [sampleFeed({ state: 'lost' })] })] },
    'lost',
  ],
];
test.each(UNHEARD)('%s it is not known how many are inside, which is not empty', async (_, world, state) => {
  const { screen, tile } = await showTile(world);
  await expect.poll(() => tile().dataset.state).toBe(state);
  await expect.element(screen.getByText('невідомо')).toBeVisible();
  expect(screen.getByText('порожньо').query()).toBeNull();
  expect(tile().dataset.unknown).toBe('true');
  expect(tile().dataset.empty).toBeUndefined();
  await expect
    .element(screen.getByRole('button', { name: /^Камера 4.* Невідомо, скільки людей усередині\./ }))
    .toBeInTheDocument();
  const room = tile().parentElement;
  if (!room) throw new Error('no room');
  room.style.width = '120px';
  await expect.element(screen.getByText('?')).toBeVisible();
  await expect.element(screen.getByText('невідомо')).not.toBeVisible();
});

test('an encoder that does not publish is lost where nobody knows whether somebody is inside', async () => {
  const area = sampleArea();
  const feeds = area.feeds.map((feed) => ({ ...feed, source: 'whip' as const }));
  const { tile, sendDelta } = await showTile(
    {
      registry: sampleWireRegistry({ areas: [{ ...area, feeds }] }),
      snapshot: [sampleSnapshot({ feeds: [sampleFeed({ state: 'idle' })] })],
    },
    'uk',
    (node) => node.refusals.set(FEED, 'feed_not_live'),
  );
  await expect.poll(() => tile().dataset.state).toBe('lost');
  sendDelta(sampleDelta(11, { areas: [sampleStatus({ headcount: 0 })] }));
  await expect.poll(() => tile().dataset.state).toBe('idle');
});

test('its button tells those who listen how bad it is, how many are inside, and what presses', async () => {
  const flag = sampleFlag({ severity: 2 });
  const { screen, sendDelta } = await showTile({ snapshot: snapshotOf({}, { flags: [flag] }) });
  const name = (rest: string) =>
    screen.getByRole('button', { name: new RegExp(`^Камера 4, ІТТ №2 Хмельницький\\. ${rest}$`) });
  await expect.element(name('Швидко\\. усередині 3 особи\\. [^.]+')).toBeInTheDocument();
  const late = sampleStatus({ headcount: 1, clocks: [], nextCheckDueAt: soon(-1) });
  sendDelta(sampleDelta(11, { areas: [late] }));
  await expect
    .element(name('Швидко\\. усередині 1 особа\\. перевірку прострочено\\. [^.]+'))
    .toBeInTheDocument();
  const over = { ...late, clocks: [sampleClock({ amberAt: soon(-9), redAt: soon(-8), dueAt: soon(-7) })] };
  const done: Flag = { ...flag, state: 'resolved', version: 2 };
  sendDelta(sampleDelta(12, { areas: [over], flags: [done] }));
  await expect.element(name('усередині 1 особа\\. Строк порушено\\. [^.]+')).toBeInTheDocument();
});

test('a fault is said in words: over a picture that shows nothing, and where settings are wrong', async () => {
  const feeds = [sampleFeed({ state: 'faulty', faults: ['covered'] })];
  const { screen, tile, sendDelta } = await showTile({ snapshot: snapshotOf({}, { feeds }) });
  await expect.element(screen.getByText('Камеру закрито')).toBeVisible();
  await expect.element(screen.getByText('Об’єктив щось затуляє.')).toBeVisible();
  expect(tile().dataset.state).toBe('faulty');
  sendDelta(sampleDelta(11, { feeds: [sampleFeed({ state: 'live' })] }));
  await expect.poll(() => tile().dataset.state).not.toBe('faulty');
});

test('a still says how old it is', async () => {
  const takenAt = new Date(Date.now() - 3 * 60_000 - 5_000).toISOString();
  const { screen, tile } = await showTile({
    snapshot: snapshotOf({}),
    poster: () => new Response(new Uint8Array([1]), { headers: { [POSTER_TAKEN_AT_HEADER]: takenAt } }),
  });
  await expect.element(screen.getByText('знімок 3 хв тому')).toBeVisible();
  expect(tile().querySelector('img')?.src).toMatch(/^blob:/);
  expect(tile().dataset.state).toBe('connecting');
});

test('what the uplink of its facility has no room for is a declared still, and the tile says why', async () => {
  const takenAt = new Date(Date.now() - 3 * 60_000 - 5_000).toISOString();
  const feeds = [sampleFeed({ state: 'stalled', layers: [], faults: ['uplink-cut'] })];
  const { screen, tile, sendDelta } = await showTile({
    snapshot: snapshotOf({}, { feeds }),
    poster: () => new Response(new Uint8Array([1]), { headers: { [POSTER_TAKEN_AT_HEADER]: takenAt } }),
  });
  await expect.element(screen.getByText('знімок 3 хв тому: слабка мережа')).toBeVisible();
  await expect.element(screen.getByText('Канал закладу завузький', { exact: true })).toBeVisible();
  expect(tile().dataset.state).toBe('stalled');
  expect(tile().dataset.thin).toBe('true');
  sendDelta(sampleDelta(11, { feeds: [sampleFeed({ state: 'live' })] }));
  await expect.poll(() => tile().dataset.thin).toBeUndefined();
});

test('a click opens it, and its flag button raises a flag', async () => {
  const { screen, onOpen, onRaise } = await showTile({ snapshot: snapshotOf({}) });
  await screen.getByRole('button', { name: /Підняти тривогу/ }).click();
  expect(onRaise).toHaveBeenCalledWith(AREA);
  expect(onOpen).not.toHaveBeenCalled();
  await screen.getByRole('button', { name: /^Камера 4/ }).click();
  expect(onOpen).toHaveBeenCalledWith(AREA);
});

test.each([
  ['uk', 'Зони вже немає'],
  ['en', 'This area no longer exists'],
] as const)(
  'an area that the registry has no more leaves no hole without a word (%s)',
  async (language, words) => {
    const registry = sampleWireRegistry({ areas: [sampleArea({ id: 'ua-68-itt-2-cell-5' })] });
    const { screen, tile } = await showTile({ registry }, language);
    await expect.element(screen.getByText(words)).toBeVisible();
    expect(tile().querySelector('video')).toBeNull();
    expect(tile().dataset).toMatchObject({ gone: 'true', state: 'idle' });
  },
);
