import { useRef } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import { render } from 'vitest-browser-react';
import type { Tick } from '../clock/ticker.ts';
import { DeskContext } from '../desk/desk-context.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { usePulse } from './use-pulse.ts';

let dispose = () => {};
afterEach(() => {
  dispose();
  vi.restoreAllMocks();
});

function Pulsing({ on }: { on: boolean }) {
  const element = useRef<HTMLParagraphElement>(null);
  usePulse(element, on);
  return <p ref={element} />;
}

/** What is written on the element in ten ticks: two and a half seconds. */
async function pulsesOf({ on = true, isReduced = false }): Promise<(string | undefined)[]> {
  vi.spyOn(window, 'matchMedia').mockImplementation((query) =>
    Object.assign(new EventTarget(), {
      matches: isReduced && query === '(prefers-reduced-motion: reduce)',
      media: query,
    } as MediaQueryList),
  );
  const { desk } = createTestDesk();
  dispose = () => desk[Symbol.dispose]();
  const listeners = new Set<Tick>();
  const ticker = {
    add(listener: Tick) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    [Symbol.dispose]: () => {},
  };
  const screen = await render(
    <Surroundings desk={desk}>
      <DeskContext value={{ ...desk, ticker }}>
        <Pulsing on={on} />
      </DeskContext>
    </Surroundings>,
  );
  return Array.from({ length: 10 }, (_, at) => {
    for (const listener of listeners) listener(at * 250, at % 4 === 3);
    return screen.container.querySelector('p')?.dataset.pulse;
  });
}

test('what is needed now pulses once in two seconds', async () => {
  const pulses = await pulsesOf({});
  expect(pulses.slice(0, 3)).toEqual([undefined, undefined, undefined]);
  expect(new Set(pulses.slice(3, 7)).size).toBe(1);
  expect(pulses[7]).not.toBe(pulses[6]);
});

test('nothing pulses for who wants less motion, or where nothing is needed', async () => {
  expect(await pulsesOf({ isReduced: true })).toEqual(Array(10).fill(undefined));
  expect(await pulsesOf({ on: false })).toEqual(Array(10).fill(undefined));
});
