import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { LIVE_MESSAGES, LiveDeltas, RegionDelta } from '#contract/live.ts';
import type { Figure } from '../../bench/report.ts';
import { createEventSource, postBatch, quantile, samplePlaces } from './events.ts';
import { openRawConsole } from './raw-console.ts';
import { type BenchServer, startBenchServer } from './server-process.ts';

const CONSOLES = 200;
/** Consoles of these whose messages are read. */
const WATCHED = 3;
const EVENTS_PER_SECOND = 500;
/** Facilities send what happened in the last moment, a few events at a time. */
const BATCH = 5;
const TIMED_MS = 20_000;
const GRACE_MS = 3_000;

const Message = z.tuple([z.string(), z.unknown()]);

/** An event on its way: its area, when it was recorded, and when it was posted (monotonic milliseconds). */
interface Posted {
  areaId: string;
  recordedAtMs: number;
  postedMs: number;
}

/**
 * Time from the posting of an event until its status has come to a page, while every console follows the whole country.
 * Server, Redis, consoles and senders share this machine. It ends at the socket: `client/bench/event-to-tile.ts` goes on
 * to the picture of a tile.
 */
export async function measureEventToPage(batched = true): Promise<Figure[]> {
  await using server = await startBenchServer();
  const cookie = await server.signIn('situation');
  const seen = Array.from(
    { length: WATCHED },
    () => new Map<string, { ms: number; updatedAtMs: number }[]>(),
  );
  const consoles = [];
  for (let index = 0; index < CONSOLES; index += 1) {
    const log = seen[index];
    const onMessage = log && ((json: string) => note(log, json));
    consoles.push(
      await openRawConsole({ origin: server.origin, cookie, batched, ...(onMessage ? { onMessage } : {}) }),
    );
  }
  await postAtRate(server, 2_000);
  const posted = await postAtRate(server, TIMED_MS);
  await delay(GRACE_MS);
  for (const console of consoles) console.close();

  const waits = seen.flatMap((log) => posted.map((event) => waitOf(event, log)));
  const missing = waits.filter((wait) => wait === undefined).length;
  if (missing > 0) throw new Error(`${missing} of ${waits.length} events did not come to a page`);
  const times = waits.filter((wait) => wait !== undefined);
  const messages = consoles.reduce((sum, console) => sum + console.messages, 0) / CONSOLES;
  return [
    {
      id: 'event-to-page-p99',
      figure: quantile(times, 0.99),
      note: `to the page’s socket; ${EVENTS_PER_SECOND}/s, ${CONSOLES} consoles, median ${quantile(times, 0.5).toFixed(0)} ms, ${Math.round(messages)} messages a console`,
    },
  ];
}

async function postAtRate(server: BenchServer, ms: number): Promise<Posted[]> {
  const sources = (await samplePlaces()).map((place) => ({ place, next: createEventSource(place) }));
  const everyMs = (BATCH / EVENTS_PER_SECOND) * 1_000;
  const startMs = performance.now();
  const posted: Posted[] = [];
  const answers: Promise<number>[] = [];
  for (let index = 0; index * everyMs < ms; index += 1) {
    await delay(Math.max(0, startMs + index * everyMs - performance.now()));
    const source = sources[index % sources.length];
    if (!source) continue;
    const recordedAtMs = Date.now();
    const events = Array.from({ length: BATCH }, () => source.next(recordedAtMs));
    const postedMs = performance.now();
    for (const { areaId } of events) posted.push({ areaId, recordedAtMs, postedMs });
    answers.push(postBatch(server, source.place.facilityId, events));
  }
  await Promise.all(answers);
  return posted;
}

/** Notes when which state of which area came. */
function note(log: Map<string, { ms: number; updatedAtMs: number }[]>, json: string): void {
  const ms = performance.now();
  const [name, payload] = Message.parse(JSON.parse(json));
  const deltas =
    name === LIVE_MESSAGES.deltas
      ? LiveDeltas.parse(payload).deltas
      : name === LIVE_MESSAGES.delta
        ? [RegionDelta.parse(payload)]
        : [];
  for (const { areas = [] } of deltas) {
    for (const { areaId, updatedAt } of areas) {
      const ofArea = log.get(areaId) ?? [];
      log.set(areaId, ofArea);
      ofArea.push({ ms, updatedAtMs: Date.parse(updatedAt) });
    }
  }
}

/** An event is seen with the first state of its area that is as new. */
function waitOf(event: Posted, log: ReadonlyMap<string, readonly { ms: number; updatedAtMs: number }[]>) {
  const first = log.get(event.areaId)?.find(({ updatedAtMs }) => updatedAtMs >= event.recordedAtMs);
  return first && first.ms - event.postedMs;
}
