import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { CustodyEventsReply } from '#contract/custody-events.ts';
import { ERRORS, Problem } from '#contract/errors.ts';
import { createUntidySource, samplePlaces } from './events.ts';
import type { BenchServer } from './server-process.ts';

const BATCH = 100;
/** Flags, and entries of the audit, a second. */
const WRITES_PER_SECOND = 10;
/** A request that is not answered by then has failed, and is sent again. */
const PATIENCE_MS = 10_000;
/** A sender that was refused or cut off sends the same again after this. */
const AGAIN_MS = 100;
/** What was sent has to be acknowledged by then after the load was ended; the servers live then, and nothing new comes. */
const LAST_ANSWERS_MS = 120_000;
/** Batches that wait at once; far more than an outage of half a minute brings. */
const MAX_WAITING = 1_000;
/** Where flags are raised. */
const FLAG_REGION = 'UA-68';
const FLAG_AREAS = [1, 2, 3, 4].map((cell) => `ua-68-itt-1-cell-${cell}`);
/** Positions in the audit that no chain reaches: each question names one of its own, by which its entry is found again. */
const FIRST_MARK = 1_000_000_000;

/** What a server has acknowledged; a thing counts from the moment at which its answer was read. */
export interface Acknowledged {
  /** `facility/event`. */
  readonly events: ReadonlySet<string>;
  /** Ids, all of {@link FLAG_REGION}. */
  readonly flags: ReadonlySet<string>;
  /** Marks of entries of the nation's chain. */
  readonly entries: ReadonlySet<string>;
}

export interface KillLoad {
  readonly region: string;
  readonly acknowledged: Acknowledged;
  /** Throws if the load has failed, with the reason. */
  assertGoingOn(): void;
  /** Ends the load when everything that was sent is acknowledged. Throws if that is not so in good time. */
  stop(): Promise<void>;
}

/**
 * Facilities that send events, late ones and corrections among them, at a pace that nothing slows down, and a person who
 * raises flags and asks for what is audited. What fails is sent again with the same ids until it is acknowledged, as facilities are told to; questions to
 * the audit are not, so that one that was cut off has at most one entry.
 */
export async function startKillLoad(server: BenchServer, eventsPerSecond: number): Promise<KillLoad> {
  const cookie = await server.signIn('situation');
  const auditor = await server.signIn('ombudsman');
  const sources = (await samplePlaces()).map((place) => ({ place, next: createUntidySource(place) }));
  const acknowledged = { events: new Set<string>(), flags: new Set<string>(), entries: new Set<string>() };
  const ending = new AbortController();
  const failed = new AbortController();
  /** What waits for its acknowledgement, in all. */
  const underWay = new Set<Promise<void>>();

  const sendBatch = async (facilityId: string, events: readonly { id: string }[]) => {
    const reply = await untilTaken(() =>
      fetch(`${server.origin}/api/v1/custody/events`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${server.facilityKeys[facilityId]}`,
        },
        body: JSON.stringify({ events }),
        signal: AbortSignal.timeout(PATIENCE_MS),
      }),
    );
    for (const result of CustodyEventsReply.parse(reply).results) {
      if (result.status !== 'accepted' && result.status !== 'duplicate')
        throw new Error(`an event was not taken: ${JSON.stringify(result)}`);
      acknowledged.events.add(`${facilityId}/${result.id}`);
    }
  };
  const sendFlag = async (areaId: string) => {
    const id = randomUUID();
    await untilTaken(() =>
      fetch(`${server.origin}/api/v1/flags`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', cookie },
        body: JSON.stringify({ id, areaId, category: 'other', severity: 4, note: '' }),
        signal: AbortSignal.timeout(PATIENCE_MS),
      }),
    );
    acknowledged.flags.add(id);
  };
  const askAudit = async (mark: string) => {
    // One that was cut off is not asked again, and its entry is not missed.
    const answer = await fetch(
      `${server.origin}/api/v1/audit/entries?chain=nation&order=desc&limit=1&cursor=${mark}`,
      { headers: { cookie: auditor }, signal: AbortSignal.timeout(PATIENCE_MS) },
    ).catch(() => undefined);
    if (answer && !answer.ok) await throwIfFinal(answer);
    const isRead = answer?.ok && (await answer.arrayBuffer().catch(() => undefined));
    if (isRead) acknowledged.entries.add(mark);
  };

  /** Sends at a pace, whether or not what went before is answered. */
  const pace = async (everyMs: number, send: (index: number) => Promise<void>) => {
    const startMs = performance.now();
    const waiting = new Set<Promise<void>>();
    for (let index = 0; !ending.signal.aborted; index += 1) {
      await delay(Math.max(0, startMs + index * everyMs - performance.now()));
      if (waiting.size >= MAX_WAITING) throw new Error('the server does not come back');
      const sent = send(index)
        .catch((error: unknown) => failed.abort(error))
        .finally(() => {
          waiting.delete(sent);
          underWay.delete(sent);
        });
      waiting.add(sent);
      underWay.add(sent);
      failed.signal.throwIfAborted();
    }
    await Promise.all(waiting);
    failed.signal.throwIfAborted();
  };
  const working = Promise.all([
    pace((BATCH / eventsPerSecond) * 1_000, async (index) => {
      const source = sources[index % sources.length];
      if (!source) return;
      const events = Array.from({ length: BATCH }, () => source.next(Date.now()));
      await sendBatch(source.place.facilityId, events);
    }),
    pace(1_000 / WRITES_PER_SECOND, (index) => sendFlag(FLAG_AREAS[index % FLAG_AREAS.length] ?? '')),
    pace(1_000 / WRITES_PER_SECOND, (index) => askAudit(String(FIRST_MARK + index))),
  ]);
  // Told of by stop(), and by whoever waits for acknowledgements in vain.
  working.catch(() => undefined);
  return {
    region: FLAG_REGION,
    acknowledged,
    assertGoingOn: () => failed.signal.throwIfAborted(),
    stop: async () => {
      ending.abort();
      const tooLate = new AbortController();
      const late = delay(LAST_ANSWERS_MS, undefined, { signal: tooLate.signal }).then(() => {
        throw new Error(
          `${underWay.size} requests were not acknowledged ${LAST_ANSWERS_MS} ms after the end`,
        );
      });
      try {
        await Promise.race([working, late]);
      } finally {
        tooLate.abort();
        await late.catch(() => undefined);
      }
    },
  };
}

/**
 * The body of the first answer that says yes. A server that is away, cannot write, or has too much to do after it was
 * away, is asked again.
 */
async function untilTaken(post: () => Promise<Response>): Promise<unknown> {
  for (;;) {
    const answer = await post().catch(() => undefined);
    if (answer && !answer.ok) await throwIfFinal(answer);
    // An answer whose end did not come is none.
    const body: unknown = answer?.ok ? await answer.json().catch(() => undefined) : undefined;
    if (body !== undefined) return body;
    await delay(AGAIN_MS);
  }
}

/** Throws for a refusal that would be the same the next time. */
async function throwIfFinal(answer: Response): Promise<void> {
  const text = await answer.text().catch(() => undefined);
  if (answer.status >= 500 || text === undefined) return;
  const problem = Problem.safeParse(parseJson(text));
  if (problem.success && ERRORS[problem.data.code].retry) return;
  throw new Error(`refused: ${answer.status} ${text}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
