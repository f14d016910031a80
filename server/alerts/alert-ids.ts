import type { AlertId } from '#contract/alerts.ts';
import type { FlagId } from '#contract/ids.ts';
import { nameBasedId } from '#contract/name-based-id.ts';

/** Names a step: its number, or for what was assigned the version of the flag. */
export type StepKey = `step:${number}` | `assigned:${number}`;

/** Ids of alerts follow from what they are about, so that whoever makes one again after a kill makes the same. */
export const flagAlertId = (flagId: FlagId, step: StepKey, username: string): AlertId =>
  nameBasedId(`varta:alert:${flagId}:${step}:${username}`);

export const digestAlertId = (username: string, held: readonly AlertId[]): AlertId =>
  nameBasedId(`varta:alert:digest:${username}:${held.toSorted().join()}`);

export const watchingAlertId = (findingId: string, username: string): AlertId =>
  nameBasedId(`varta:alert:watching:${findingId}:${username}`);

export const canaryAlertId = (slotMs: number, username: string): AlertId =>
  nameBasedId(`varta:alert:canary:${slotMs}:${username}`);

/** The same message to the organisation, whoever of its people is told. */
export const webhookAlertId = (flagId: FlagId, step: StepKey): AlertId =>
  nameBasedId(`varta:alert:webhook:${flagId}:${step}`);
