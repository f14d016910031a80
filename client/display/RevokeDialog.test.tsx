import '../design/base.css';
import { afterEach, expect, test, vi } from 'vitest';
import { render } from 'vitest-browser-react';
import { failure, type Outcome } from '../session/failure.ts';
import { sampleDisplay } from '../test/display-samples.ts';
import { createTestDesk, Surroundings } from '../test/test-desk.tsx';
import { RevokeDialog } from './RevokeDialog.tsx';

let dispose = () => {};
afterEach(() => dispose());

test('a display that could not be revoked is not said to be: the dialog stays, says so, and can be sent again', async () => {
  const answers: Outcome<unknown>[] = [failure('no_answer'), { ok: true, value: undefined }];
  const { desk, posted } = createTestDesk({ post: () => answers.shift() ?? failure('not_found') });
  dispose = () => desk[Symbol.dispose]();
  const onClose = vi.fn();
  const screen = await render(
    <Surroundings desk={desk}>
      <RevokeDialog display={sampleDisplay()} onClose={onClose} />
    </Surroundings>,
  );
  await screen.getByLabelText('Чому').fill('зняли зі стіни');
  const revoke = screen.getByRole('button', { name: 'Відкликати' });
  await revoke.click();
  await expect
    .poll(() => document.querySelector('[role="alert"]')?.textContent)
    .toMatch(/^Відкликання не підтверджено: .*Вважайте, що екран показує далі\.$/);
  expect(onClose).not.toHaveBeenCalled();
  await expect.element(revoke).toBeEnabled();
  await revoke.click();
  await expect.poll(() => onClose.mock.calls.length).toBe(1);
  const asked = { path: '/api/v1/displays/d-abcdefghjk/revocation', body: { reason: 'зняли зі стіни' } };
  expect(posted).toEqual([asked, asked]);
});
