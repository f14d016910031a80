import '../design/base.css';
import { I18nextProvider } from 'react-i18next';
import { expect, test } from 'vitest';
import { render } from 'vitest-browser-react';
import { createI18n } from '../i18n/i18n.ts';
import { DisplayGuard } from './DisplayGuard.tsx';
import { createSelfReload } from './self-reload.ts';

function Broken(): never {
  throw new Error('a fault of the program');
}

test.each([
  ['uk', 'Цей екран зупинився через помилку'],
  ['en', 'This display stopped because of an error'],
] as const)(
  'a display that fails says so (%s), and is loaded anew once the server is there',
  async (language, words) => {
    const state = { isThere: false, reloads: 0 };
    const kept = new Map<string, string>();
    const waiting: (() => void)[] = [];
    const selfReload = createSelfReload({
      storage: {
        getItem: (key) => kept.get(key) ?? null,
        setItem: (key, value) => void kept.set(key, value),
      },
      isServerThere: async () => state.isThere,
      reload: () => {
        state.reloads += 1;
      },
      wallMs: Date.now,
      random: () => 0,
      setTimeout: (run) => waiting.push(run),
      clearTimeout: () => {},
    });
    const screen = await render(
      <I18nextProvider i18n={createI18n(language)}>
        <DisplayGuard onFailed={() => selfReload.consider({ failed: true })}>
          <Broken />
        </DisplayGuard>
      </I18nextProvider>,
    );
    await expect.element(screen.getByRole('heading', { name: words, exact: true })).toBeVisible();
    await expect.poll(() => waiting.length).toBe(1);
    waiting.shift()?.();
    await expect.poll(() => waiting.length).toBe(1);
    expect(state.reloads).toBe(0);
    state.isThere = true;
    waiting.shift()?.();
    await expect.poll(() => state.reloads).toBe(1);
  },
);
