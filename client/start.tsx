import './design/base.css';
import { createRoot } from 'react-dom/client';
import { selfReloadOf } from './display/reload-later.ts';
import { chooseLanguage, createI18n, type Language, rememberLanguage } from './i18n/i18n.ts';
import { createDeviceClock } from './inspect/device-clock.ts';
import { createReceiver } from './media/receiver.ts';
import { OFFLINE_PAGE } from './offline/offline-page.ts';
import { offerOncall } from './oncall/manifest.ts';
import { createApi } from './session/api.ts';
import { createConsoleLink } from './session/console-link.ts';
import { buildOf } from './session/page-build.ts';
import { createSessionManager } from './session/session.ts';
import { createSessionMemory, NO_MEMORY } from './session/session-memory.ts';
import { App } from './shell/App.tsx';
import { applyScale } from './shell/scale.ts';
import { applyTheme } from './shell/theme.ts';

/** An answer that takes longer is a failure with a code. */
const TIMEOUT_MS = 15_000;
/** How soon a server that does not answer is asked again who this is. */
const RETRY_MS = 2_000;

/** Puts the parts together and shows the page. */
export function start(window: Window & typeof globalThis): void {
  const { document, localStorage, location } = window;
  const query = new URLSearchParams(location.search);
  const language = chooseLanguage(query, localStorage);
  rememberLanguage(language, localStorage);
  applyScale(window, query);

  if (isDisplayPath(location.pathname)) {
    // A room is dark, whatever the machine prefers.
    document.documentElement.dataset.theme = 'dark';
    // A screen on a wall is nobody's session, and has nothing to do with whoever is signed in in this browser.
    void import('./display/start-display.tsx')
      .then(({ startDisplay }) => startDisplay(window, language))
      .catch((error: unknown) => failDisplay(window, language, error));
    return;
  }

  if (location.pathname === '/oncall') offerOncall(document);
  applyTheme(window);
  const fetch: typeof window.fetch = (input, init) => window.fetch(input, init);
  const api = createApi({
    fetch,
    timeoutMs: TIMEOUT_MS,
    onUnauthenticated: () => session.handleEnded(),
  });
  const deviceClock = createDeviceClock({
    wallMs: () => Date.now(),
    monotonicMs: () => performance.now(),
    page: window.crypto.randomUUID(),
    storage: localStorage,
  });
  // Only the inspector's page works without a network; everywhere else, no server means no picture of the nation.
  const memory = createSessionMemory(localStorage, deviceClock.nowMs);
  const isOffline = location.pathname.startsWith(OFFLINE_PAGE);
  const session = createSessionManager(
    api,
    RETRY_MS,
    isOffline ? memory : { ...memory, read: NO_MEMORY.read },
  );
  session.check();

  const root = document.getElementById('root');
  if (!root) throw new Error('the page has no #root');
  createRoot(root).render(
    <App
      i18n={createI18n(language)}
      session={session}
      deskPorts={(who) => ({
        who,
        api,
        fetch,
        // Each page load is a viewer of its own: a copied tab must not take over its original's media.
        link: createConsoleLink(window.crypto.randomUUID()),
        createReceiver,
        onUnauthenticated: session.handleEnded,
        deviceClock,
        ownBuild: buildOf(document),
      })}
    />,
  );
}

function isDisplayPath(path: string): boolean {
  return path === '/display' || path.startsWith('/display/');
}

/** The code of a display did not come, or stopped before there was anything to see; nobody is in front of it. */
function failDisplay(window: Window, language: Language, error: unknown): void {
  reportError(error);
  const root = window.document.getElementById('root');
  if (root) root.textContent = createI18n(language).t('display.failed');
  selfReloadOf(window).consider({ failed: true });
}
