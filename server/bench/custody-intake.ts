import { setTimeout as delay } from 'node:timers/promises';
import type { Figure } from '../../bench/report.ts';
import { createEventSource, postBatch, quantile, samplePlaces } from './events.ts';
import { startBenchServer } from './server-process.ts';

const BATCH = 100;
/** Facilities that post at once while the rate is sought. */
const SENDERS = 8;
const WARM_UP_MS = 1_000;
const RATE_MS = 8_000;
/** The rate at which acknowledgements are timed. */
const EVENTS_PER_SECOND = 2_000;
const TIMED_MS = 15_000;

/**
 * Custody events over HTTP, through key, schema and policy, to a Redis that syncs every write before it answers, while
 * the projection runs: how many a second, and how long a batch waits at the rate of the bar. Server, Redis and sender
 * share this machine.
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
  await saturate(senders, WARM_UP_MS);
  const rate = await saturate(senders, RATE_MS);
  await server.settled();
  const waits = await timeAtRate(senders);
  const [p50, p99, most] = [quantile(waits, 0.5), quantile(waits, 0.99), Math.max(...waits)];
  return [
    { id: 'events-rate', figure: rate, note: `${SENDERS} senders, batches of ${BATCH}, over HTTP` },
    {
      id: 'events-ack-p99',
      figure: p99,
      note: `${EVENTS_PER_SECOND}/s in batches of ${BATCH}; median ${p50.toFixed(1)} ms, longest ${most.toFixed(1)} ms of ${waits.length}`,
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
async function timeAtRate(senders: readonly Send[]): Promise<number[]> {
  const everyMs = (BATCH / EVENTS_PER_SECOND) * 1_000;
  const startMs = performance.now();
  const posted: Promise<number>[] = [];
  for (let index = 0; index * everyMs < TIMED_MS; index += 1) {
    await delay(Math.max(0, startMs + index * everyMs - performance.now()));
    const send = senders[index % senders.length];
    if (send) posted.push(send());
  }
  return Promise.all(posted);
}
