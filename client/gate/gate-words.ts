import type { AreaStatus, Gate } from '#contract/status.ts';
import type { Texts } from '../desk/desk-context.ts';

/** Who closed an area and until when, as in `закрито: duty-68 · до 14:35`. */
export function gateWords({ by, until }: Gate, { t, formats }: Pick<Texts, 't' | 'formats'>): string {
  return [t('gate.by', { who: by }), t('gate.until', { time: formats.time(Date.parse(until)) })].join(' · ');
}

/** When the last visit of an area ends by itself, if nobody says that one goes on; undefined where there is none. */
export function visitsUntilMs(status: Pick<AreaStatus, 'visits'> | undefined): number | undefined {
  if (!status?.visits) return undefined;
  return Math.max(...status.visits.map(({ until }) => Date.parse(until)));
}
