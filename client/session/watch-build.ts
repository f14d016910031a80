import { buildOf } from './page-build.ts';

/** How often a page looks; whoever gets a new one has a minute or so in which replicas are replaced one after another. */
const LOOK_MS = 60_000;
const TIMEOUT_MS = 15_000;

interface Ports {
  fetch: typeof fetch;
  /** Told the name of the build that is served, each time that it can be read. */
  tell(build: string): void;
}

/**
 * For pages without a live connection, over which others are told: looks which page the server would give now. That is a
 * file like any other; it keeps no session alive.
 */
export function watchBuild({ fetch, tell }: Ports): Disposable {
  const ending = new AbortController();
  const look = async () => {
    const build = await readServedBuild(fetch, ending.signal);
    if (build !== undefined && !ending.signal.aborted) tell(build);
  };
  void look();
  const timer = setInterval(() => void look(), LOOK_MS);
  return {
    [Symbol.dispose]() {
      ending.abort();
      clearInterval(timer);
    },
  };
}

async function readServedBuild(fetch: Ports['fetch'], ended: AbortSignal): Promise<string | undefined> {
  try {
    const answer = await fetch('/', {
      headers: { accept: 'text/html' },
      cache: 'no-cache',
      signal: AbortSignal.any([ended, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    if (!answer.ok) return undefined;
    return buildOf(new DOMParser().parseFromString(await answer.text(), 'text/html'));
  } catch {
    // No server, no other version of it.
    return undefined;
  }
}
