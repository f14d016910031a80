import { useSyncExternalStore } from 'react';

/** Where the zone of alarms is, beside the pictures or below them. */
export const ALARM_PLACES = ['right', 'bottom'] as const;
export type AlarmPlace = (typeof ALARM_PLACES)[number];

const KEY = 'varta.alarms';
/** The page tells itself: other parts of it show the choice as well. */
const CHANGED = 'varta-alarms';

/** What was chosen on this device: a broad screen has room beside its pictures, an upright one below them. */
export function chosenAlarmPlace(storage: Pick<Storage, 'getItem'>): AlarmPlace {
  const known = storage.getItem(KEY);
  return ALARM_PLACES.find((place) => place === known) ?? 'right';
}

/** The choice on this device, and making another one. */
export function useAlarmPlace(): { place: AlarmPlace; setPlace(place: AlarmPlace): void } {
  const place = useSyncExternalStore(subscribe, () => chosenAlarmPlace(localStorage));
  return { place, setPlace: rememberAlarmPlace };
}

function rememberAlarmPlace(place: AlarmPlace): void {
  localStorage.setItem(KEY, place);
  window.dispatchEvent(new Event(CHANGED));
}

function subscribe(listener: () => void): () => void {
  window.addEventListener(CHANGED, listener);
  window.addEventListener('storage', listener);
  return () => {
    window.removeEventListener(CHANGED, listener);
    window.removeEventListener('storage', listener);
  };
}
