import type { Api } from '../session/api.ts';
import type { DeviceClock } from './device-clock.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { openRecordStore } from './record-store.ts';

interface Given {
  account: string;
  api: Api;
  clock: DeviceClock;
  window: Window & typeof globalThis;
}

/** The outbox of an account in a real page: IndexedDB, one sender among all tabs, and a look whenever a network comes. */
export function createDeviceOutbox({ account, api, clock, window }: Given): Outbox {
  const { navigator, document } = window;
  const channel = new BroadcastChannel('varta-records');
  const outbox = createOutbox({
    account,
    api,
    clock,
    async openStore() {
      const store = await openRecordStore();
      // Else the browser may clear it when the device runs short of space.
      void navigator.storage?.persist?.();
      return store;
    },
    async alone(name, signal, run) {
      await navigator.locks.request(name, { signal }, run);
    },
    channel: {
      tell: () => channel.postMessage('changed'),
      listen(heard) {
        channel.addEventListener('message', heard);
        return () => {
          channel.removeEventListener('message', heard);
          channel.close();
        };
      },
    },
    newId: () => window.crypto.randomUUID(),
    onChance(chance) {
      const seen = () => {
        if (document.visibilityState === 'visible') chance();
      };
      window.addEventListener('online', chance);
      document.addEventListener('visibilitychange', seen);
      return () => {
        window.removeEventListener('online', chance);
        document.removeEventListener('visibilitychange', seen);
      };
    },
  });
  return outbox;
}
