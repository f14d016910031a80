import { setTimeout as delay } from 'node:timers/promises';
import type { Figure } from '../../bench/report.ts';
import { createEventSource, postBatch, quantile, samplePlaces } from './events.ts';
import { startBenchServer } from './server-process.ts';

const BATCH = 100;
/** Facilities that post at once while the rate is sought. */
const SENDERS = 8;
/** Until the server's code is compiled. */
const WARM_UP_MS = 3_000;
const RATE_MS = 8_000;
/** The rate at which acknowledgements are timed. */
const EVENTS_PER_SECOND = 2_000;
const TIMED_MS = 30_000;

/**
 * Custody events over HTTP, through key, schema and policy, to a Redis that syncs every write before it answers, while
 * the projection runs. Two questions, one after the other: how long a batch waits at the rate of the bar, and how many
 * events a second are taken when the senders never pause. The waits are timed first: a server that has just been given
 * ten times the bar's rate still derives from it for a while. Server, Redis and sender share this machine.
 */
export async function measureCustodyIntake(): Promise<Figure[]> {
  await using server = await startBenchServer();
  const senders = (await samplePlaces()).map((place) => {
    const next = createEventSource(place);
    return () =>
      postBatch(
        server,
        place.facilityId,
        Array.from({ length: BATCH }, () => next(Date.now())),
      );
  });
  await timeAtRate(senders, WARM_UP_MS);
  const startMs = performance.now();
  const waits = await timeAtRate(senders, TIMED_MS);
  const offered = (waits.length * BATCH * 1_000) / (performance.now() - startMs);
  await server.settled();
  const rate = await saturate(senders, RATE_MS);
  const [p50, p99, most] = [quantile(waits, 0.5), quantile(waits, 0.99), Math.max(...waits)];
  return [
    {
      id: 'events-rate',
      figure: rate,
      note: `capacity: ${SENDERS} senders that never pause, batches of ${BATCH}, over HTTP, ${RATE_MS / 1_000} s`,
    },
    {
      id: 'events-ack-p99',
      figure: p99,
      note: `at the bar’s rate, not at capacity: ${Math.round(offered)}/s offered in batches of ${BATCH} for ${TIMED_MS / 1_000} s; median ${p50.toFixed(1)} ms, longest ${most.toFixed(1)} ms of ${waits.length} batches`,
    },
  ];
}

/** Posts a batch of a facility's; the milliseconds that it waited. */
type Send = () => Promise<number>;

/** Events a second when every sender posts again as soon as it is answered. */
async function saturate(senders: readonly Send[], ms: number): Promise<number> {
  const startMs = performance.now();
  let accepted = 0;
  const post = async (first: number) => {
    for (let turn = 0; performance.now() - startMs < ms; turn += 1) {
      await senders[(first + turn * SENDERS) % senders.length]?.();
      accepted += BATCH;
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, (_, first) => post(first)));
  return accepted / ((performance.now() - startMs) / 1_000);
}

/** Waits of batches that are posted at a fixed pace, whether or not the ones before are answered. */
async function timeAtRate(senders: readonly Send[], ms: number): Promise<number[]> {
  const everyMs = (BATCH / EVENTS_PER_SECOND) * 1_000;
  const startMs = performance.now();
  const posted: Promise<number>[] = [];
  for (let index = 0; index * everyMs < ms; index += 1) {
    await delay(Math.max(0, startMs + index * everyMs - performance.now()));
    const send = senders[index % senders.length];
    if (send) posted.push(send());
  }
  return Promise.all(posted);
}
