import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CustodyEvent, CustodyEventsBody } from '#contract/custody-events.ts';
import { PutPersonalBody } from '#contract/personal.ts';
import { generateSampleNation } from '../../config/nation/sample-nation.ts';
import { startCustodySystems } from '../custody/custody-systems.ts';
import { createProgressFile } from '../custody/progress-file.ts';
import { createKeyRing } from '../facility/key-ring.ts';
import { listBeds } from '../population.ts';

const whole = generateSampleNation();
/** Some twenty facilities. */
const facilities = whole.facilities.slice(0, 20);
const nation = {
  ...whole,
  facilities,
  areas: whole.areas.filter(({ facilityId }) => facilities.some(({ id }) => id === facilityId)),
};
const people = listBeds(nation).length;

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'varta-custody-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** An API that keeps events as the real one does: each id once, own areas only, with the right key only. */
async function startApi(keys: () => Record<string, string>) {
  const known = new Map<string, CustodyEvent>();
  /** Who cases are about, by case. */
  const named = new Map<string, PutPersonalBody>();
  const facts = { requests: 0, duplicates: 0, wrong: [] as unknown[], refused: 0, fail: false };
  const facilityOf = new Map(nation.areas.map(({ id, facilityId }) => [id, facilityId]));

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    facts.requests++;
    if (facts.fail) return reply(response, 503, { code: 'store_unavailable' });
    const key = request.headers.authorization?.replace('Bearer ', '');
    const facilityId = Object.entries(keys()).find(([, other]) => other === key)?.[0];
    const caseId = /^\/api\/v1\/custody\/cases\/([a-z0-9-]+)\/personal$/.exec(request.url ?? '')?.[1];
    if (caseId !== undefined && facilityId !== undefined) {
      named.set(caseId, PutPersonalBody.parse(JSON.parse(Buffer.concat(chunks).toString())));
      return reply(response, 200, { caseId, status: 'stored' });
    }
    if (request.url !== '/api/v1/custody/events' || request.method !== 'POST')
      return reply(response, 404, {});
    if (!facilityId) {
      facts.refused++;
      return reply(response, 401, { code: 'bad_facility_key' });
    }
    const { events } = CustodyEventsBody.parse(JSON.parse(Buffer.concat(chunks).toString()));
    reply(response, 200, {
      results: events.map((one) => {
        const parsed = CustodyEvent.safeParse(one);
        if (!parsed.success) {
          facts.wrong.push(parsed.error);
          return { id: null, status: 'rejected', code: 'invalid' };
        }
        const event = parsed.data;
        if ('areaId' in event && event.areaId && facilityOf.get(event.areaId) !== facilityId)
          facts.wrong.push(event);
        const duplicate = known.has(event.id);
        if (duplicate) facts.duplicates++;
        else known.set(event.id, event);
        return { id: event.id, status: duplicate ? 'duplicate' : 'accepted' };
      }),
    });
  }

  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    known,
    named,
    facts,
    /** People who were placed in a cell and have not left. */
    present(): number {
      const byCase = Map.groupBy(known.values(), (event) => ('caseId' in event ? event.caseId : ''));
      byCase.delete('');
      return [...byCase.values()].filter(
        (events) =>
          events.some(({ type }) => type === 'CELL_PLACED') &&
          !events.some(({ type }) => type === 'RELEASED' || type === 'TRANSFERRED'),
      ).length;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function makeKeys(): Record<string, string> {
  return Object.fromEntries(facilities.map(({ id }) => [id, `${id}-${randomUUID()}`]));
}

async function start(url: string, keys: Record<string, string>, eventsPerSecond: number) {
  const file = join(dir, 'sample-keys.json');
  await writeFile(file, JSON.stringify(keys));
  const ring = createKeyRing(file);
  await ring.refresh();
  return startCustodySystems({
    nation,
    serverUrl: url,
    eventsPerSecond,
    keys: ring,
    progress: createProgressFile(join(dir, 'sample-custody.json')),
    now: Date.now,
    random: Math.random,
    newId: randomUUID,
    log: pino({ level: 'silent' }),
  });
}

test('the people are there within seconds, and a restart does not double them', async () => {
  const keys = makeKeys();
  await using api = await startApi(() => keys);
  const first = await start(api.url, keys, 2);
  await expect.poll(() => first.pending, { timeout: 20_000 }).toBe(0);
  expect(api.facts.wrong).toEqual([]);
  expect(api.present()).toBeGreaterThan(people * 0.9);
  expect(api.present()).toBeLessThanOrEqual(people);
  await first[Symbol.asyncDispose]();

  const second = await start(api.url, keys, 2);
  await expect.poll(() => second.pending, { timeout: 20_000 }).toBe(0);
  expect(api.facts.duplicates).toBeGreaterThan(people);
  expect(api.present()).toBeLessThanOrEqual(people);
  const ends = [...api.known.values()].filter(({ type }) => type === 'RELEASED' || type === 'TRANSFERRED');
  expect(ends.length).toBeLessThan(5);
  await second[Symbol.asyncDispose]();
});

test('people of an earlier run that told another story are let go', async () => {
  const keys = makeKeys();
  await using api = await startApi(() => keys);
  const file = createProgressFile(join(dir, 'sample-custody.json'));
  await file.write({ sentUntilMs: Date.now() - 60_000, present: [['ua-05-itt-1', 'cr-05-1-other-story']] });
  await using systems = await start(api.url, keys, 2);
  await expect.poll(() => systems.pending, { timeout: 20_000 }).toBe(0);
  const ofStray = [...api.known.values()].filter(
    (event) => 'caseId' in event && event.caseId === 'cr-05-1-other-story',
  );
  expect(ofStray.map(({ type }) => type)).toEqual(['RELEASED']);
  expect(api.facts.wrong).toEqual([]);
});

test('it goes on at the rate that was asked for', async () => {
  const keys = makeKeys();
  await using api = await startApi(() => keys);
  await using systems = await start(api.url, keys, 200);
  await expect.poll(() => systems.pending, { timeout: 20_000 }).toBeLessThan(50);
  const before = api.known.size;
  const beganMs = performance.now();
  await expect.poll(() => api.known.size - before, { timeout: 20_000 }).toBeGreaterThan(600);
  const perSecond = ((api.known.size - before) * 1000) / (performance.now() - beganMs);
  expect(perSecond).toBeGreaterThan(100);
  expect(perSecond).toBeLessThan(300);
  expect(api.facts.wrong).toEqual([]);
});

test('while the server is away it holds little, and nothing of people is lost', async () => {
  const keys = makeKeys();
  await using api = await startApi(() => keys);
  api.facts.fail = true;
  await using systems = await start(api.url, keys, 100);
  await expect.poll(() => api.facts.requests, { timeout: 10_000 }).toBeGreaterThan(40);
  const opening = systems.pending;
  await expect.poll(() => api.facts.requests, { timeout: 10_000 }).toBeGreaterThan(80);
  expect(systems.pending).toBeLessThanOrEqual(opening + 5);
  api.facts.fail = false;
  await expect.poll(() => api.present(), { timeout: 30_000 }).toBeGreaterThan(people * 0.9);
});

test('a refused key is read again', async () => {
  const keys = makeKeys();
  const renewed = makeKeys();
  await using api = await startApi(() => renewed);
  await using systems = await start(api.url, keys, 2);
  await expect.poll(() => api.facts.refused, { timeout: 10_000 }).toBeGreaterThan(5);
  expect(api.known.size).toBe(0);
  await writeFile(join(dir, 'sample-keys.json'), JSON.stringify(renewed));
  await expect.poll(() => systems.pending, { timeout: 30_000 }).toBeLessThan(5);
  expect(api.present()).toBeGreaterThan(people * 0.9);
});

test('of everybody who is apprehended it is told who they are, apart from the events', async () => {
  const keys = makeKeys();
  await using api = await startApi(() => keys);
  await using _systems = await start(api.url, keys, 0);
  const unnamed = () =>
    [...api.known.values()].filter((event) => event.type === 'APPREHENDED' && !api.named.has(event.caseId));
  await expect.poll(() => api.present(), { timeout: 20_000 }).toBeGreaterThan(people * 0.9);
  await expect.poll(unnamed, { timeout: 20_000 }).toEqual([]);
  expect(api.named.size).toBeGreaterThan(people * 0.9);
  const events = JSON.stringify([...api.known.values()]);
  for (const { data } of api.named.values()) expect(events).not.toContain(data.givenName);
});
