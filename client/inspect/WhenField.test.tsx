import '../design/base.css';
import { useState } from 'react';
import { afterEach, expect, test } from 'vitest';
import { render } from 'vitest-browser-react';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { createDeviceClock } from './device-clock.ts';
import { type Inspect, InspectContext } from './inspect-context.ts';
import type { Occurred } from './record.ts';
import { WhenField } from './WhenField.tsx';

let dispose = () => {};
afterEach(() => dispose());

function Field() {
  const [occurred, setOccurred] = useState<Occurred>({ when: 'now' });
  return <WhenField occurred={occurred} onChange={setOccurred} />;
}

test.each([
  ['08:14', null],
  ['00:00', null],
  ['23:30', 'учора, 22 листопада о 23:30'],
])('at a quarter past eight in Kyiv, %s is of %s', async (time, hint) => {
  const { desk } = createTestDesk();
  dispose = () => desk[Symbol.dispose]();
  const clock = createDeviceClock({
    wallMs: () => Date.parse('2026-11-23T06:15:00.000Z'),
    monotonicMs: () => 0,
    page: 'test',
    storage: { getItem: () => null, setItem: () => {} },
  });
  // The field asks for nothing else.
  const inspect = { outbox: { clock } } as Inspect;
  const screen = await render(
    <Surroundings desk={desk}>
      <InspectContext value={inspect}>
        <Field />
      </InspectContext>
    </Surroundings>,
  );
  await screen.getByRole('button', { name: 'О котрій' }).click();
  await screen.getByLabelText('Час').fill(time);
  await expect.element(screen.getByLabelText('Час')).toHaveValue(time);
  expect(screen.container.querySelector('span')?.textContent ?? null).toBe(hint);
});
