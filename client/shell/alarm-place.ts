import { createDeviceChoice, useDeviceChoice } from './device-choice.ts';

/** Where the zone of alarms is, beside the pictures or below them. */
export const ALARM_PLACES = ['right', 'bottom'] as const;
export type AlarmPlace = (typeof ALARM_PLACES)[number];

const choice = createDeviceChoice<AlarmPlace>({ name: 'alarms', values: ALARM_PLACES, otherwise: 'right' });

/** What was chosen on this device: a broad screen has room beside its pictures, an upright one below them. */
export const chosenAlarmPlace = choice.read;

/** The choice on this device, and making another one. */
export function useAlarmPlace(): { place: AlarmPlace; setPlace(place: AlarmPlace): void } {
  return { place: useDeviceChoice(choice), setPlace: choice.choose };
}
