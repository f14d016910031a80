import type { Request, Response } from 'express';
import type { z } from 'zod';
import {
  type CustodyBulkLine,
  type CustodyEventResult,
  MAX_BULK_EVENTS,
  MAX_EVENTS_PER_BATCH,
  MAX_LINE_BYTES,
} from '#contract/custody-events.ts';
import { VartaError } from '#contract/errors.ts';
import { isTooDeep } from '../access/json-shape.ts';
import { toEdgeError } from '../adapters/redis/store-errors.ts';
import { linesOf } from './lines.ts';

/** Content type of a body with one JSON value a line. */
export const LINES = 'application/x-ndjson';

interface Lines {
  request: Request;
  response: Response;
  take(elements: readonly unknown[]): Promise<{ results: CustodyEventResult[] }>;
  /** Told of each line that is nested deeper than allowed, which nobody sends by mistake. */
  onTooDeep(): void;
}

/** An element, or the answer to a line that is none. */
type Read = { element: unknown } | { result: CustodyEventResult };

/**
 * Takes events as they come, in batches, and answers each batch when it is durable. A refusal before the first answer is
 * thrown; a later one ends the reply. Memory is bounded by one batch and by the answers of {@link MAX_BULK_EVENTS}, so
 * that it does not matter whether the sender reads while it sends.
 */
export async function answerLines({ request, response, take, onTooDeep }: Lines): Promise<void> {
  if (request.headers['content-encoding'] !== undefined)
    throw new VartaError('unsupported_media_type', 'lines are taken as they are, without an encoding');
  let events = 0;
  const write = (line: z.infer<typeof CustodyBulkLine>) => {
    if (!response.headersSent) response.status(200).type(LINES).set('Cache-Control', 'no-store');
    response.write(`${JSON.stringify(line)}\n`);
  };
  const flush = async (batch: readonly Read[]) => {
    const elements = batch.flatMap((one) => ('element' in one ? [one.element] : []));
    const results = (elements.length > 0 ? (await take(elements)).results : []).values();
    for (const one of batch) {
      const result = 'result' in one ? one.result : results.next().value;
      if (result) write(result);
    }
  };
  try {
    let batch: Read[] = [];
    for await (const line of linesOf(request, MAX_LINE_BYTES)) {
      if (events === MAX_BULK_EVENTS)
        throw new VartaError('too_large', `more than ${MAX_BULK_EVENTS} events in one request`);
      events += 1;
      if (!line.ok) batch.push(refuse('too_large', `longer than ${MAX_LINE_BYTES} bytes`));
      else if (isTooDeep(Buffer.from(line.text))) {
        onTooDeep();
        batch.push(refuse('too_deep', 'the line is nested deeper than allowed'));
      } else batch.push(parse(line.text));
      if (batch.length < MAX_EVENTS_PER_BATCH) continue;
      await flush(batch);
      batch = [];
    }
    await flush(batch);
    write({ done: true, events });
  } catch (error) {
    if (!response.headersSent) throw error;
    write({ done: false, events, problem: toEdgeError(error).toProblem() });
  }
  response.end();
}

function parse(text: string): Read {
  try {
    return { element: JSON.parse(text) };
  } catch {
    return refuse('malformed', 'the line is not JSON');
  }
}

function refuse(code: 'malformed' | 'too_deep' | 'too_large', message: string): Read {
  return { result: { id: null, status: 'rejected', code, message, path: [] } };
}
