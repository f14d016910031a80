import { type PushScope, showPushes } from '../alerts/push-worker.ts';
import { cacheName, outdatedCaches, planFor } from './shell-plan.ts';

/**
 * Stands between the inspector's page and the network, so that the page opens without one. It keeps the program of one
 * build and nothing else: no answer of the API ever passes through it. With a network the page's document always comes
 * from the server, so that nobody works with an old program.
 */
const scope = globalThis as unknown as WorkerScope;

/** What a worker's global scope has beside a window's; the types of both do not go together in one project. */
interface WorkerScope {
  addEventListener(type: 'install' | 'activate', handle: (event: LifeEvent) => void): void;
  addEventListener(type: 'fetch', handle: (event: FetchLike) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
}
interface LifeEvent {
  waitUntil(work: Promise<unknown>): void;
}
interface FetchLike extends LifeEvent {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}

/** Written in by the build: its name, the page, and the files without which that does not open. */
declare const __SHELL__: { build: string; page: string; files: readonly string[] };
const { build, page, files } = __SHELL__;

/** A network that says nothing for so long is treated as none. */
const PATIENCE_MS = 4_000;

scope.addEventListener('install', (event) => {
  event.waitUntil(
    caches.open(cacheName(build)).then(async (cache) => {
      // All or nothing: half a program is worse than the one before.
      await cache.addAll(files.map((file) => new Request(file, { cache: 'reload' })));
      await scope.skipWaiting();
    }),
  );
});

scope.addEventListener('activate', (event) => {
  event.waitUntil(
    caches.keys().then(async (names) => {
      await Promise.all(outdatedCaches(names, build).map((name) => caches.delete(name)));
      await scope.clients.claim();
    }),
  );
});

showPushes(globalThis as unknown as PushScope);

scope.addEventListener('fetch', (event) => {
  const { request } = event;
  switch (planFor(request, location.origin, page)) {
    case 'shell':
      return event.respondWith(document(request));
    case 'part':
      return event.respondWith(part(request));
    case 'pass':
      return;
  }
});

/** From the network; from the device when there is none. A server that answers with a fault of its own counts as none. */
async function document(request: Request): Promise<Response> {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.status < 500) return answer;
  } catch {
    // No network.
  }
  return (await (await caches.open(cacheName(build))).match(page)) ?? Response.error();
}

/** Its name changes with its content: what is on the device is right. */
async function part(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}
