import '../design/base.css';
import { afterEach, expect, test } from 'vitest';
import { render } from 'vitest-browser-react';
import type { FlagEscalation } from '#contract/alerts.ts';
import { DeskContext } from '../desk/desk-context.ts';
import { sampleFlag } from '../test/samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { FlagCourse } from './FlagCourse.tsx';

const DUTY = { kind: 'person', id: 'duty-68', name: 'Черговий' } as const;
const RULE = { kind: 'rule', id: 'no-video', name: 'no-video' } as const;

let dispose = () => {};
afterEach(() => dispose());

test('a course of days says of each step on which it was; today’s have the time alone', async () => {
  const escalation: FlagEscalation = {
    steps: [
      {
        step: 0,
        reason: 'raised',
        at: '2026-11-20T06:15:05.000Z',
        to: ['duty'],
        people: [{ username: 'duty-68', state: 'shown', at: '2026-11-20T06:15:07.000Z' }],
      },
    ],
    next: { at: '2026-11-23T06:30:00.000Z', to: ['situation'] },
  };
  const { desk } = createTestDesk({
    get: (path) => (path.endsWith('/escalation') ? { ok: true, value: escalation } : undefined),
  });
  dispose = () => desk[Symbol.dispose]();
  const serverClock = { nowMs: () => Date.parse('2026-11-23T06:15:00.000Z'), observe: () => {} };
  const flag = sampleFlag({
    history: [
      { state: 'raised', by: RULE, at: '2026-11-20T06:15:03.000Z' },
      { state: 'acknowledged', by: DUTY, at: '2026-11-22T21:59:59.000Z' },
      { state: 'assigned', by: DUTY, at: '2026-11-22T22:00:01.000Z', assignee: 'tech-68' },
    ],
  });
  const { container } = await render(
    <Surroundings desk={desk}>
      <DeskContext value={{ ...desk, serverClock }}>
        <FlagCourse flag={flag} open />
      </DeskContext>
    </Surroundings>,
  );
  const times = () => [...container.querySelectorAll('time')].map(({ textContent }) => textContent);
  await expect
    .poll(times)
    .toEqual(['20 листопада о 08:15:03', '20 листопада о 08:15:05', '22 листопада о 23:59:59', '00:00:01']);
  expect(container.textContent).toContain('duty-68 (показано: 20 листопада о 08:15:07)');
  expect(container.textContent).toContain('якщо ніхто не відповість до 08:30: ');
});
