import type { AreaMoment, PlainMoment } from '#contract/area-recent.ts';
import type { SightChange } from '../../live/sight-history.ts';
import type { AreaHistory } from '../state/area-history.ts';
import type { AreaLog } from '../state/area-log.ts';
import type { PastSpan } from '../state/spans.ts';

/** What is known of an area's past; undefined where there is nothing. */
interface Known {
  log: Pick<AreaLog, 'checks' | 'measurements' | 'sightings' | 'bells'> | undefined;
  history: Pick<AreaHistory, 'stays' | 'confidential'> | undefined;
  sights: readonly SightChange[] | undefined;
}

type Timed = { atMs: number; moment: AreaMoment };

/** What happened in an area between two instants (milliseconds since the epoch), ends included; newest first. */
export function areaMoments({ log, history, sights }: Known, fromMs: number, untilMs: number): AreaMoment[] {
  const all: Timed[] = [
    ...(log?.checks ?? []).map(({ at }) => plain('check', at)),
    ...(log?.bells ?? []).map(({ at, rung }) => plain(rung ? 'bell' : 'answered', at)),
    ...(log?.sightings ?? []).map(
      ({ at, count }): Timed => ({ atMs: at, moment: { kind: 'seen', at: toInstant(at), count } }),
    ),
    ...(log?.measurements ?? []).map(({ at, temperatureC, co2Ppm, humidityPct }): Timed => {
      const moment: AreaMoment = {
        kind: 'air',
        at: toInstant(at),
        ...(temperatureC === undefined ? {} : { temperatureC }),
        ...(co2Ppm === undefined ? {} : { co2Ppm }),
        ...(humidityPct === undefined ? {} : { humidityPct }),
      };
      return { atMs: at, moment };
    }),
    ...spans(history?.stays, 'came', 'left'),
    ...spans(history?.confidential, 'closed', 'opened'),
    ...(sights ?? []).map(
      ({ atMs, sight }): Timed => ({ atMs, moment: { kind: 'video', at: toInstant(atMs), sight } }),
    ),
  ];
  return all
    .filter(({ atMs }) => atMs >= fromMs && atMs <= untilMs)
    .toSorted((a, b) => b.atMs - a.atMs)
    .map(({ moment }) => moment);
}

function spans(known: readonly PastSpan[] | undefined, first: PlainMoment, last: PlainMoment): Timed[] {
  return (known ?? []).flatMap(([from, until]) => [
    plain(first, from),
    ...(until === null ? [] : [plain(last, until)]),
  ]);
}

function plain(kind: PlainMoment, atMs: number): Timed {
  return { atMs, moment: { kind, at: toInstant(atMs) } };
}

function toInstant(ms: number): string {
  return new Date(ms).toISOString();
}
