import '../design/base.css';
import { afterEach, expect, test, vi } from 'vitest';
import { page as browserPage } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import type { Language } from '../i18n/i18n.ts';
import { sampleArea, sampleFlag, sampleSnapshot, sampleStatus, sampleWireRegistry } from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { lateCode } from './late-code.tsx';
import type { Page } from './pages.tsx';
import { Shell } from './Shell.tsx';

const AREA = sampleArea();
const before = location.href;
let dispose = () => {};
afterEach(() => {
  dispose();
  vi.useRealTimers();
  history.replaceState(null, '', before);
});

const Handover = () => <h1>HANDED OVER</h1>;

/** A page whose code does not come the first times that it is asked for. */
function latePage(refusals: number) {
  const state = { asked: 0 };
  const Content = lateCode(async () => {
    state.asked += 1;
    if (state.asked <= refusals) throw new TypeError('Failed to fetch dynamically imported module');
    return Handover;
  });
  return { Content, state };
}

/** A wall with an alarm beside it, and one other page. */
async function showWall(Content: Page['Content'], language: Language = 'uk') {
  await browserPage.viewport(1600, 900);
  history.replaceState(null, '', '/');
  const opened = createTestDesk({
    actions: ['status.read', 'feed.watch', 'flag.read', 'handover.read'],
    registry: sampleWireRegistry({ areas: [AREA] }),
    snapshot: [
      sampleSnapshot({
        areas: [sampleStatus({ areaId: AREA.id, clocks: [] })],
        flags: [sampleFlag({ areaId: AREA.id })],
      }),
    ],
  });
  dispose = () => opened.desk[Symbol.dispose]();
  const pages: Page[] = [{ path: '/handover', action: 'handover.read', Content }];
  const screen = await render(
    <Surroundings desk={opened.desk} language={language}>
      <div style={{ height: '100vh' }}>
        <Shell pages={pages} />
      </div>
    </Surroundings>,
  );
  const fault = () => document.querySelector<HTMLElement>('[data-page-fault]');
  await expect.poll(() => document.querySelector('main [data-area-id]')).not.toBeNull();
  await expect.poll(() => document.querySelector('aside article')).not.toBeNull();
  const [wall, alarm] = [document.querySelector('main section'), document.querySelector('aside article')];
  return {
    ...opened,
    screen,
    goTo: (name: string) => screen.getByRole('link', { name, exact: true }).click(),
    press: (name: string) => screen.getByRole('button', { name, exact: true }).click(),
    heading: () => document.querySelector('h1:not(section[hidden] h1)')?.textContent,
    why: () => fault()?.dataset.pageFault,
    said: () => fault()?.textContent,
    buttons: () => [...(fault()?.querySelectorAll('button') ?? [])].map((button) => button.textContent),
    /** The very same ones as before, and not others that were made anew. */
    isAllKept: () =>
      document.querySelector('main section') === wall && document.querySelector('aside article') === alarm,
  };
}

test('a page whose code does not come leaves wall and alarms, and comes when it is asked for again', async () => {
  const { Content } = latePage(1);
  const { goTo, press, heading, why, said, isAllKept } = await showWall(Content);
  await goTo('Зміна');
  await expect.poll(why).toBe('missing');
  expect(said()).toContain('Цю сторінку не вдалося завантажити');
  expect(isAllKept()).toBe(true);
  await press('Спробувати ще раз');
  await expect.poll(heading).toBe('HANDED OVER');
  await goTo('Стіна');
  await expect.poll(heading).toBe('Стіна');
  expect(isAllKept()).toBe(true);
});

test('who comes back to a page whose code did not come has it asked for again', async () => {
  const { Content } = latePage(1);
  const { goTo, heading, why } = await showWall(Content);
  await goTo('Зміна');
  await expect.poll(why).toBe('missing');
  await goTo('Стіна');
  await expect.poll(why).toBeUndefined();
  await goTo('Зміна');
  await expect.poll(heading).toBe('HANDED OVER');
});

test('a page whose code did not come for want of a connection comes by itself', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const { Content, state } = latePage(2);
  const { goTo, heading, why, said, buttons, isAllKept, sendLost } = await showWall(Content);
  sendLost();
  await goTo('Зміна');
  await expect.poll(why).toBe('lost');
  expect(said()).toContain('Немає зв’язку із сервером');
  expect(buttons()).toEqual(['Спробувати ще раз']);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(state.asked).toBe(2);
  expect(why()).toBe('lost');
  await vi.advanceTimersByTimeAsync(10_000);
  await expect.poll(heading).toBe('HANDED OVER');
  expect(isAllKept()).toBe(true);
});

test('a page that the server has no longer, because it has a newer version, is not asked for', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const { Content, state } = latePage(Number.POSITIVE_INFINITY);
  const { goTo, why, said, buttons, isAllKept, sendBuild } = await showWall(Content, 'en');
  sendBuild('index-other.js');
  await goTo('Shift');
  await expect.poll(why).toBe('other');
  expect(said()).toContain('This page could not be loaded');
  expect(said()).toContain('newer version');
  expect(buttons()).toEqual(['Reload']);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(state.asked).toBe(1);
  expect(isAllKept()).toBe(true);
});

test('a fault of a page is one of that page alone', async () => {
  let isBroken = true;
  const { goTo, press, heading, why, said, isAllKept } = await showWall(() => {
    if (isBroken) throw new Error('a fault of the program');
    return <Handover />;
  });
  await goTo('Зміна');
  await expect.poll(why).toBe('error');
  expect(said()).toContain('Ця сторінка зупинилася через помилку');
  expect(isAllKept()).toBe(true);
  isBroken = false;
  await press('Спробувати ще раз');
  await expect.poll(heading).toBe('HANDED OVER');
});
