import { createSelfReload, type SelfReload } from './self-reload.ts';

const AWAY_RETRY_MS = 60_000;

/** What of a window is asked and done here. */
export type ReloadWindow = Pick<Window, 'fetch' | 'setTimeout'> & { location: Pick<Location, 'reload'> };

/** Whether the server answers that it is well. */
export async function isServerThere({ fetch }: Pick<Window, 'fetch'>): Promise<boolean> {
  return (await fetch('/healthz').catch(() => undefined))?.ok === true;
}

/** What decides when a display's page is loaded anew before its time. */
export function selfReloadOf(window: Window): SelfReload {
  return createSelfReload({
    storage: window.sessionStorage,
    isServerThere: () => isServerThere(window),
    reload: () => window.location.reload(),
    wallMs: () => Date.now(),
    random: Math.random,
    setTimeout: (run, ms) => window.setTimeout(run, ms),
    clearTimeout: (handle) => window.clearTimeout(handle),
  });
}

/**
 * Loads a display's page anew after so many milliseconds, or later as soon as the server is there: a page that is gone while it
 * is away would leave the screen with the browser's own error.
 */
export function reloadLater(window: ReloadWindow, afterMs: number): void {
  const attempt = async () => {
    if (await isServerThere(window)) window.location.reload();
    else reloadLater(window, AWAY_RETRY_MS);
  };
  window.setTimeout(() => void attempt(), afterMs);
}
