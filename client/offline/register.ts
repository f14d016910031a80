import { createStore, type StoreApi } from 'zustand/vanilla';
import { OFFLINE_PAGE } from './offline-page.ts';

/** Whether this page opens without a network. `impossible`: this browser, or this address without TLS, cannot. */
export type OfflineReadiness = 'checking' | 'ready' | 'impossible';

const WORKER = '/service-worker.js';

/** Lets the page be kept on this device, for itself and nothing else of the program. */
export function keepOffline(navigator: Navigator): StoreApi<OfflineReadiness> {
  const store = createStore<OfflineReadiness>(() => 'checking');
  const set = (state: OfflineReadiness) => store.setState(state, true);
  const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  if (!container) set('impossible');
  else
    container
      .register(WORKER, { scope: OFFLINE_PAGE, updateViaCache: 'none' })
      .then((registration) => {
        const worker = registration.active ?? registration.waiting ?? registration.installing;
        if (!worker) return set('impossible');
        const look = () => {
          if (worker.state === 'activated') set('ready');
          else if (worker.state === 'redundant') set('impossible');
        };
        worker.addEventListener('statechange', look);
        look();
      })
      .catch(() => set('impossible'));
  return store;
}
