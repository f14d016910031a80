import type { Logger } from 'pino';
import type { CaseId, EventId } from '#contract/ids.ts';
import type { Nation } from '#contract/nation.ts';
import type { KeyRing } from '../facility/key-ring.ts';
import { listBeds } from '../population.ts';
import { eventIdOf } from './event-id.ts';
import { createLife } from './life.ts';
import { inTellingOrder } from './opening.ts';
import { createOutbox } from './outbox.ts';
import { createPersonalFiles } from './personal-files.ts';
import type { Progress, ProgressFile } from './progress-file.ts';
import { createRounds, type FacilityEvent } from './rounds.ts';
import { createRoomFinder } from './stay-events.ts';

const TICK_MS = 200;
const SAVE_MS = 5_000;
/** Rounds are made up to this many seconds' worth of events ahead of what the server has acknowledged, and no further. */
const AHEAD_S = 5;
/** What happens to people is told whatever the rate, but no more than this is held while the server is away. */
const MAX_PENDING = 20_000;

/** Events that the rate may be overdrawn by. */
const MOST_OWED = 10;

/** The custody systems of all facilities. */
export interface CustodySystems extends AsyncDisposable {
  /** Events that the server has not acknowledged yet. */
  readonly pending: number;
}

/**
 * Tells who is here, then goes on at about the given rate until it is disposed of. At rate 0 it only tells who is here.
 */
export async function startCustodySystems(options: {
  nation: Nation;
  serverUrl: string;
  eventsPerSecond: number;
  keys: KeyRing;
  progress: ProgressFile;
  now: () => number;
  random: () => number;
  newId: () => EventId;
  log: Logger;
}): Promise<CustodySystems> {
  const { nation, serverUrl, eventsPerSecond, keys, progress, now, random, newId, log } = options;
  const beds = listBeds(nation);
  const startedMs = now();
  const earlier = await progress.read();
  const life = createLife({
    beds,
    findRoom: createRoomFinder(nation.areas),
    nowMs: startedMs,
    sentUntilMs: earlier?.sentUntilMs ?? null,
  });
  const rounds = createRounds({
    areas: nation.areas,
    occupied: new Set(beds.map(({ areaId }) => areaId)),
    occupantOf: life.occupantOf,
    random,
    newId,
  });
  const outbox = createOutbox({ serverUrl, keys, log });
  const personal = createPersonalFiles({ serverUrl, keys, log });

  const strays = releaseStrays(earlier?.present ?? [], { known: life.cases(), nowMs: startedMs });
  const opening = inTellingOrder([...life.due(startedMs), ...strays, ...rounds.opening(startedMs)]);
  log.info({ people: beds.length, events: opening.length }, 'custody systems report who is here');
  outbox.push(opening);
  personal.see(opening);

  let tickedMs = startedMs;
  let savedMs = startedMs;
  let saving: Promise<void> = Promise.resolve();
  /** Events that the rate still allows. */
  let allowance = 0;

  function tick(): void {
    const nowMs = now();
    allowance = Math.min(eventsPerSecond * 2 + 1, allowance + (eventsPerSecond * (nowMs - tickedMs)) / 1000);
    tickedMs = nowMs;
    if (outbox.pending < MAX_PENDING) {
      const events: FacilityEvent[] = life.due(nowMs);
      // A busy hour is not paid back by an hour without rounds.
      allowance = Math.max(-MOST_OWED, allowance - events.length);
      while (allowance >= 1 && outbox.pending + events.length < eventsPerSecond * AHEAD_S + 10) {
        const round = rounds.next(nowMs);
        events.push(...round);
        allowance -= round.length;
      }
      outbox.push(events);
      personal.see(events);
    }
    if (nowMs - savedMs >= SAVE_MS) {
      savedMs = nowMs;
      save();
    }
  }

  /** Remembers up to when everything is acknowledged. Until the report of who is here is, nothing is. */
  function save(): void {
    const oldestMs = outbox.oldestPendingMs() ?? tickedMs + 1;
    if (oldestMs <= startedMs) return;
    const current = { sentUntilMs: oldestMs - 1, present: life.present() };
    saving = saving
      .then(() => progress.write(current))
      .catch((error: unknown) => log.warn({ err: error }, 'progress of custody not stored'));
  }

  const timer = eventsPerSecond > 0 ? setInterval(tick, TICK_MS) : undefined;
  return {
    get pending() {
      return outbox.pending;
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await Promise.all([outbox[Symbol.asyncDispose](), personal[Symbol.asyncDispose]()]);
      save();
      await saving;
    },
  };
}

/** People of an earlier run of whom this one knows nothing, since the sample tells another story now: they leave. */
function releaseStrays(
  present: Progress['present'],
  { known, nowMs }: { known: ReadonlySet<CaseId>; nowMs: number },
): FacilityEvent[] {
  const at = new Date(nowMs).toISOString();
  return present
    .filter(([, caseId]) => !known.has(caseId))
    .map(([facilityId, caseId]) => ({
      facilityId,
      event: {
        id: eventIdOf(`${caseId}/stray`),
        type: 'RELEASED',
        caseId,
        occurredAt: at,
        recordedAt: at,
        recordedBy: 'officer-1',
      },
    }));
}
