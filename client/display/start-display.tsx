import { CSPProvider } from '@base-ui/react/csp-provider';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { AS_DISPLAY_HEADER } from '#contract/displays.ts';
import { createI18n, type Language } from '../i18n/i18n.ts';
import { createDeviceClock } from '../inspect/device-clock.ts';
import { createReceiver } from '../media/receiver.ts';
import { createApi } from '../session/api.ts';
import { createConsoleLink } from '../session/console-link.ts';
import { buildOf } from '../session/page-build.ts';
import type { LiveState } from '../store/live-store.ts';
import { DisplayApp } from './DisplayApp.tsx';
import { DisplayGuard } from './DisplayGuard.tsx';
import { createDisplayBoot } from './display-boot.ts';
import { reloadLater, selfReloadOf } from './reload-later.ts';

const TIMEOUT_MS = 15_000;
/**
 * A display loads its page anew after this: new versions come, nothing that leaks adds up, and no viewing on record goes
 * on without an end. A part of it is by chance, so that the screens of a room do not do so together.
 */
const RELOAD_AFTER_MS = 11 * 3_600_000;
const RELOAD_SPREAD_MS = 3_600_000;

/** Shows the page of a large screen: no sign-in, nothing around the tiles. */
export function startDisplay(window: Window & typeof globalThis, language: Language): void {
  const { document, location, history } = window;
  const fetch: typeof window.fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set(AS_DISPLAY_HEADER, '1');
    return window.fetch(input, { ...init, headers });
  };
  const selfReload = selfReloadOf(window);
  const heard = { isReadable: true, hasFailed: false, live: {} as Partial<LiveState> };
  const considerReload = () =>
    selfReload.consider({
      otherBuild: heard.live.otherBuild,
      unreadable: !heard.isReadable || heard.live.unreadable !== undefined,
      failed: heard.hasFailed,
    });
  const noteFailed = () => {
    heard.hasFailed = true;
    considerReload();
  };
  const boot = createDisplayBoot({
    onAnswer: (isReadable) => {
      heard.isReadable = isReadable;
      considerReload();
    },
    // Who asks what it is expects to hear that it is nobody.
    api: createApi({ fetch, timeoutMs: TIMEOUT_MS, onUnauthenticated: () => {} }),
    setTimeout: (run, ms) => window.setTimeout(run, ms),
    clearTimeout: (handle) => window.clearTimeout(handle),
    monotonicMs: () => performance.now(),
  });
  const api = createApi({ fetch, timeoutMs: TIMEOUT_MS, onUnauthenticated: boot.ask });
  boot.store.subscribe((state) => {
    const path = state.state === 'enrolled' ? `/display/${state.self.id}` : '/display';
    if (location.pathname !== path) history.replaceState(null, '', `${path}${location.search}`);
  });
  boot.ask();

  reloadLater(window, RELOAD_AFTER_MS + Math.random() * RELOAD_SPREAD_MS);

  const root = document.getElementById('root');
  if (!root) throw new Error('the page has no #root');
  const i18n = createI18n(language);
  document.documentElement.lang = language;
  document.title = i18n.t('product.name');
  createRoot(root).render(
    <CSPProvider disableStyleElements>
      <I18nextProvider i18n={i18n}>
        <DisplayGuard onFailed={noteFailed}>
          <DisplayApp
            boot={boot}
            deskPorts={(self) => ({
              who: {
                username: self.id,
                displayName: { uk: self.name, en: self.name },
                scope: self.scope,
                actions: self.actions,
                sample: self.sample,
                serverTime: self.serverTime,
                expiresAt: self.serverTime,
              },
              api,
              fetch,
              link: createConsoleLink(window.crypto.randomUUID(), true),
              createReceiver,
              onUnauthenticated: boot.ask,
              deviceClock: createDeviceClock({
                wallMs: () => Date.now(),
                monotonicMs: () => performance.now(),
                page: window.crypto.randomUUID(),
                storage: window.localStorage,
              }),
              ownBuild: buildOf(document),
              onPageTrouble: (live) => {
                heard.live = live;
                considerReload();
              },
              onDisplayNews: boot.ask,
            })}
          />
        </DisplayGuard>
      </I18nextProvider>
    </CSPProvider>,
  );
}
