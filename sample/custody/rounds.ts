import type { AreaEvent, CaseEvent, CustodyEvent } from '#contract/custody-events.ts';
import type { AreaId, CaseId, EventId, FacilityId } from '#contract/ids.ts';
import type { Area } from '#contract/nation.ts';
import {
  between,
  pickWeighted,
  type Random,
  seededRandom,
  wholeBetween,
} from '../../config/nation/seeded.ts';
import { eventIdOf } from './event-id.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Two checks that follow each other are at most 57 minutes apart. */
const CHECK_EVERY_MS = 50 * MINUTE_MS;
const CHECK_SPREAD_MS = 7 * MINUTE_MS;
/** Nobody stays for longer than three days and a few hours. */
const CHECKS_BEFORE = 92;

/** An event and whose it is. */
export interface FacilityEvent {
  facilityId: FacilityId;
  event: CustodyEvent;
}

/** What happens all the time and to nobody in particular: rounds through the cells, water, measurements. */
export interface Rounds {
  /**
   * What was done before the cameras begin: a measurement everywhere, the checks of those who are here since they came,
   * and a recent check of every cell in use.
   */
  opening(nowMs: number): FacilityEvent[];
  /** The next thing on the round; a call bell comes with its answer. */
  next(nowMs: number): FacilityEvent[];
}

type Kind = 'check' | 'measure' | 'water' | 'bell';

/** Throws a RangeError for a nation without an area. */
export function createRounds(options: {
  areas: readonly Pick<Area, 'id' | 'facilityId' | 'kind'>[];
  /** Cells that somebody is usually in. */
  occupied: ReadonlySet<AreaId>;
  occupantOf(areaId: AreaId, nowMs: number): CaseId | undefined;
  random: Random;
  newId(): EventId;
}): Rounds {
  const { areas, occupied, occupantOf, random, newId } = options;
  const everywhere = shuffle(areas);
  const cells = everywhere.filter(({ id }) => occupied.has(id));
  const rings = { cells: ring(cells.length > 0 ? cells : everywhere), everywhere: ring(everywhere) };

  return {
    opening(nowMs) {
      return [
        ...everywhere.map((area) => {
          // Once an hour at most, however often the sample is started.
          const hour = Math.floor(nowMs / HOUR_MS);
          const name = `${area.id}/conditions/${hour}`;
          const own = seededRandom(name);
          // The same id must always say the same: all of it follows from the hour.
          const atMs = hour * HOUR_MS - own() * MINUTE_MS;
          const id = eventIdOf(name);
          return toAreaEvent(area, { id, type: 'CONDITIONS_MEASURED', atMs, random: own });
        }),
        ...cells.flatMap((area) => earlierChecks(area, nowMs)),
        ...cells.map((area) => {
          const atMs = nowMs - random() * 12 * MINUTE_MS;
          return toAreaEvent(area, { id: newId(), type: 'CELL_CHECK', atMs });
        }),
      ];
    },
    next(nowMs) {
      const kind = pickWeighted<Kind>(random, [
        ['check', 82],
        ['measure', 9],
        ['water', 8],
        ['bell', 1],
      ]);
      if (kind === 'measure') {
        return [toAreaEvent(rings.everywhere(), { id: newId(), type: 'CONDITIONS_MEASURED', atMs: nowMs })];
      }
      const area = rings.cells();
      const caseId = occupantOf(area.id, nowMs);
      if (caseId && kind === 'water') return [toWater(area, { id: newId(), caseId, atMs: nowMs })];
      if (caseId && kind === 'bell') {
        const rungMs = nowMs - between(random, 15, 70) * 1000;
        return [
          toAreaEvent(area, { id: newId(), type: 'CALL_BELL', atMs: rungMs }),
          toAreaEvent(area, { id: newId(), type: 'CALL_BELL_ANSWERED', atMs: nowMs }),
        ];
      }
      return [toAreaEvent(area, { id: newId(), type: 'CELL_CHECK', atMs: nowMs })];
    },
  };

  /** Checks while somebody was in a cell, less than an hour apart. The same at each start, as they are the same checks. */
  function earlierChecks(area: RoundArea, nowMs: number): FacilityEvent[] {
    const last = Math.floor(nowMs / CHECK_EVERY_MS) - 1;
    return Array.from({ length: CHECKS_BEFORE }, (_, back) => {
      const name = `${area.id}/check/${last - back}`;
      const own = seededRandom(name);
      const atMs = (last - back) * CHECK_EVERY_MS + own() * CHECK_SPREAD_MS;
      return { id: eventIdOf(name), atMs, random: own };
    })
      .filter(({ atMs }) => occupantOf(area.id, atMs) !== undefined)
      .map((check) => toAreaEvent(area, { type: 'CELL_CHECK', ...check }));
  }

  function shuffle(list: readonly RoundArea[]): RoundArea[] {
    return list
      .map((area) => ({ area, rank: random() }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ area }) => area);
  }

  function toAreaEvent(
    area: RoundArea,
    {
      id,
      type,
      atMs,
      random: own = random,
    }: { id: EventId; type: AreaEvent['type']; atMs: number; random?: Random },
  ): FacilityEvent {
    const event: AreaEvent = {
      id,
      type,
      areaId: area.id,
      ...record(atMs, own),
      ...(type === 'CONDITIONS_MEASURED' ? air(area, atMs) : {}),
    };
    return { facilityId: area.facilityId, event };
  }

  function toWater(
    area: RoundArea,
    { id, caseId, atMs }: { id: EventId; caseId: CaseId; atMs: number },
  ): FacilityEvent {
    const event: CaseEvent = { id, type: 'WATER', caseId, areaId: area.id, ...record(atMs, random) };
    return { facilityId: area.facilityId, event };
  }

  function record(atMs: number, own: Random): Pick<CaseEvent, 'occurredAt' | 'recordedAt' | 'recordedBy'> {
    const at = new Date(Math.round(atMs)).toISOString();
    return { occurredAt: at, recordedAt: at, recordedBy: `officer-${wholeBetween(own, 1, 6)}` };
  }
}

type RoundArea = Pick<Area, 'id' | 'facilityId' | 'kind'>;

/** One after another, from the beginning again after the last. */
function ring(list: readonly RoundArea[]): () => RoundArea {
  let at = 0;
  return () => {
    const area = list[at];
    if (!area) throw new RangeError('a nation without areas');
    at = (at + 1) % list.length;
    return area;
  };
}

/** What the sensors of a room say. */
function air(area: RoundArea, atMs: number): Pick<AreaEvent, 'temperatureC' | 'co2Ppm' | 'humidityPct'> {
  const random = seededRandom(`air of ${area.id} ${Math.floor(atMs / HOUR_MS)}`);
  return {
    temperatureC: temperature(area, atMs),
    co2Ppm: wholeBetween(random, 480, area.kind === 'exercise-yard' ? 520 : 1_050),
    humidityPct: wholeBetween(random, 35, 60),
  };
}

/** Each room has its own warmth, a little different by the hour; yards are cold. In °C. */
function temperature({ id, kind }: RoundArea, atMs: number): number {
  const random = seededRandom(`warmth of ${id}`);
  const usual = kind === 'exercise-yard' ? between(random, 4, 9) : between(random, 18.5, 22.5);
  const swing = Math.sin((2 * Math.PI * atMs) / (24 * HOUR_MS) + random() * 6);
  return Math.round((usual + swing) * 10) / 10;
}
