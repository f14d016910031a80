import '../design/base.css';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { page as browserPage, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { WatchPurposes } from '#contract/watch-purposes.ts';
import { purposesFor } from '../../config/purposes/purposes.ts';
import { WATCH_PURPOSES } from '../../config/purposes/watching.ts';
import { Shell } from '../shell/Shell.tsx';
import { sampleArea, sampleSnapshot, sampleStatus, sampleWireRegistry } from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';

const AREAS = [1, 2].map((number) => sampleArea({ id: `cell-${number}` }));
const PATH = '/api/v1/watching/purposes';
const items = purposesFor('situation', Date.now(), WATCH_PURPOSES);
const told = (...stated: WatchPurposes['stated']) => ({
  ok: true as const,
  value: WatchPurposes.parse({ items, stated }),
});

let dispose = () => {};
let before = '';
beforeEach(async () => {
  before = location.href;
  await browserPage.viewport(1600, 900);
});
afterEach(() => {
  dispose();
  history.replaceState(null, '', before);
});

async function openCell() {
  history.replaceState(null, '', '/?area=cell-1');
  const world = createTestDesk({
    registry: sampleWireRegistry({ areas: AREAS }),
    snapshot: [
      sampleSnapshot({
        areas: AREAS.map(({ id }) => sampleStatus({ areaId: id, clocks: [] })),
      }),
    ],
    get: (path) => (path === PATH ? told() : undefined),
    post(path, body) {
      if (path !== PATH) return told();
      world.node.openRefusal = undefined;
      const { purpose } = body as { purpose: string };
      return told({ privacy: 'normal', purpose, since: new Date().toISOString() });
    },
  });
  world.node.openRefusal = 'purpose_required';
  dispose = () => world.desk[Symbol.dispose]();
  const screen = await render(
    <Surroundings desk={world.desk}>
      <div style={{ height: '100vh' }}>
        <Shell />
      </div>
    </Surroundings>,
  );
  const layer = () => world.node.consumers.get(AREAS[0]?.feeds[0]?.id ?? '')?.layer;
  return { ...world, screen, layer, form: () => document.querySelector('[data-testid="opening-purpose"]') };
}

test('the picture is there while it is asked; Enter states the usual purpose, and then it is large', async () => {
  const { form, layer, posted, node } = await openCell();
  await expect.poll(form).not.toBeNull();
  await expect.poll(layer).toBe('low');
  await expect.poll(() => document.activeElement?.getAttribute('value')).toBe('routine-watch');
  const [picture, asked] = [document.querySelector('[data-zoomable]'), form()].map((one) =>
    one?.getBoundingClientRect(),
  );
  // Beside the picture, never over it.
  expect(asked?.left ?? 0).toBeGreaterThanOrEqual(picture?.right ?? Infinity);
  await userEvent.keyboard('{Enter}');
  await expect.poll(form).toBeNull();
  await expect.poll(layer).toBe('high');
  expect(posted).toEqual([{ path: PATH, body: { areaId: 'cell-1', purpose: 'routine-watch' } }]);
  expect(node.messages.filter((message) => message.startsWith('open:')).length).toBeGreaterThan(1);
});

test('a purpose that needs a note is not sent without one', async () => {
  const { form, screen, posted } = await openCell();
  await expect.poll(form).not.toBeNull();
  await screen.getByRole('radio', { name: /Перевірка повідомлення/ }).click();
  const submit = screen.getByRole('button', { name: 'Відкрити', exact: true });
  await expect.element(submit).toBeDisabled();
  await screen.getByRole('textbox', { name: 'Обґрунтування' }).fill('102, № 41');
  await submit.click();
  await expect.poll(() => posted.length).toBe(1);
  expect(posted[0]?.body).toEqual({ areaId: 'cell-1', purpose: 'report-check', note: '102, № 41' });
});

test('the keys of the view work while it is asked: the choice takes only its own', async () => {
  const { desk, form } = await openCell();
  await expect.poll(form).not.toBeNull();
  await expect.poll(() => document.activeElement?.getAttribute('value')).toBe('routine-watch');
  await userEvent.keyboard('{ArrowDown}');
  await expect.poll(() => document.activeElement?.getAttribute('value')).toBe('person-at-risk');
  await userEvent.keyboard('{Escape}');
  await expect.poll(() => desk.view.store.getState().focus).toBeNull();
});

test('a page that was opened before it had a connection is asked when it has one', async () => {
  const { desk, form, node } = await openCell();
  await expect.poll(form).not.toBeNull();
  node.reachable = false;
  desk.openings.again();
  await expect.poll(form).toBeNull();
  node.reachable = true;
  desk.openings.again();
  await expect.poll(form).not.toBeNull();
});

test('leaving tells the server that nothing is opened any more', async () => {
  const { desk, form, node } = await openCell();
  await expect.poll(form).not.toBeNull();
  desk.view.focus(null);
  await expect.poll(() => node.messages).toContain('open:');
});
