import { useSyncExternalStore } from 'react';

/** Something that is chosen once for all pages on this device. */
export interface DeviceChoice<T extends string> {
  /** What was chosen, as far as there is such a thing; otherwise the default. */
  read(storage: Pick<Storage, 'getItem'>): T;
  /** Chooses for all pages of this device. */
  choose(value: T): void;
  /** Tells of every other choice, made in this page or in another; returns its end. */
  subscribe(listener: () => void): () => void;
}

export function createDeviceChoice<T extends string>({
  name,
  values,
  otherwise,
}: {
  /** Of what is chosen, for the storage. */
  name: string;
  values: readonly T[];
  /** Where nothing was chosen. */
  otherwise: T;
}): DeviceChoice<T> {
  const key = `varta.${name}`;
  // The page tells itself: other parts of it show the choice as well.
  const changed = `varta-${name}`;
  return {
    read(storage) {
      const known = storage.getItem(key);
      return values.find((value) => value === known) ?? otherwise;
    },
    choose(value) {
      localStorage.setItem(key, value);
      window.dispatchEvent(new Event(changed));
    },
    subscribe(listener) {
      window.addEventListener(changed, listener);
      window.addEventListener('storage', listener);
      return () => {
        window.removeEventListener(changed, listener);
        window.removeEventListener('storage', listener);
      };
    },
  };
}

/** The choice on this device. */
export function useDeviceChoice<T extends string>({ subscribe, read }: DeviceChoice<T>): T {
  return useSyncExternalStore(subscribe, () => read(localStorage));
}
