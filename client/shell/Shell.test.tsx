import '../design/base.css';
import { afterEach, expect, test } from 'vitest';
import { page as browserPage } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { sampleArea, sampleFlag, sampleSnapshot, sampleStatus, sampleWireRegistry } from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { ALARM_PLACES } from './alarm-place.ts';
import { Shell } from './Shell.tsx';

const AREAS = Array.from({ length: 9 }, (_, index) => sampleArea({ id: `cell-${index + 1}` }));
/** More of them than have room side by side, and fewer than are told as one; each says as much as has room in two cards. */
const FLAGS = AREAS.slice(0, 7).map(({ id }, index) =>
  sampleFlag({
    id: `3f0a7b1e-6a57-4f0e-9d5e-1b2c3d4e5f6${index}`,
    areaId: id,
    severity: 1,
    note: `${index} ${'Черговий просить лікаря, бригаду викликано, двері відчинено. '.repeat(6)}`,
  }),
);

let dispose = () => {};
const before = location.href;
afterEach(() => {
  dispose();
  localStorage.removeItem('varta.alarms');
  history.replaceState(null, '', before);
});

function boxOf(selector: string): DOMRect {
  const element = document.querySelector(selector);
  if (!element) throw new Error(`no ${selector}`);
  return element.getBoundingClientRect();
}

function overlap(a: DOMRect, b: DOMRect): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

for (const place of ALARM_PLACES)
  test.each([
    [1600, 900],
    [1024, 768],
    [390, 844],
  ])(`alarms ${place} at %d × %d never stand over video, and each can be accepted`, async (width, height) => {
    await browserPage.viewport(width, height);
    localStorage.setItem('varta.alarms', place);
    history.replaceState(null, '', '/?grid=9');
    const { desk } = createTestDesk({
      registry: sampleWireRegistry({ areas: AREAS }),
      snapshot: [
        sampleSnapshot({
          areas: AREAS.map(({ id }) => sampleStatus({ areaId: id, clocks: [] })),
          flags: FLAGS,
        }),
      ],
    });
    dispose = () => desk[Symbol.dispose]();
    const screen = await render(
      <Surroundings desk={desk}>
        <div style={{ height: '100vh' }}>
          <Shell />
        </div>
      </Surroundings>,
    );
    await expect
      .poll(() => document.querySelectorAll('main [data-area-id][data-state]').length)
      .toBeGreaterThan(7);
    const opens = screen.getByRole('complementary').getByRole('button', { expanded: false });
    if (width < 768) await opens.click();
    const cards = () => [...document.querySelectorAll<HTMLElement>('aside article')];
    await expect.poll(() => cards().length).toBeGreaterThan(0);

    const [main, aside] = [boxOf('main'), boxOf('aside')];
    expect(overlap(main, aside)).toBe(false);
    expect(aside.bottom).toBeLessThanOrEqual(height);
    expect(aside.right).toBeLessThanOrEqual(width);
    if (place === 'bottom' && width > 768) expect(aside.top).toBeGreaterThanOrEqual(main.bottom);
    for (const tile of document.querySelectorAll('main [data-area-id][data-state]')) {
      const { x, y, width: wide, height: high } = tile.getBoundingClientRect();
      const met = document.elementFromPoint(x + wide / 2, y + high / 2);
      // What is scrolled out of a list is met by nobody.
      if (y + high / 2 < main.bottom)
        expect(met?.closest('main'), `${met?.outerHTML.slice(0, 80)}`).not.toBeNull();
    }

    for (const card of cards()) {
      const accept = card.querySelector('[data-actions] button');
      if (!accept) throw new Error('nothing can be done');
      card.scrollIntoView({ block: 'end', inline: 'end' });
      const box = accept.getBoundingClientRect();
      expect(box.top).toBeGreaterThanOrEqual(aside.top);
      expect(box.bottom).toBeLessThanOrEqual(aside.bottom);
      const met = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
      expect(accept.contains(met), `${met?.outerHTML.slice(0, 80)}`).toBe(true);
    }
  });
