/** What a request of the offline page gets. `shell`: the page itself; `part`: a file of the program; `pass`: the network, as if nobody stood between. */
export type Plan = 'shell' | 'part' | 'pass';

interface Asked {
  method: string;
  /** `navigate` for a page. */
  mode: string;
  url: string;
}

/**
 * Only the program's own files are ever kept: the page's document, and what has its content's hash in its name. What the
 * API answers is nobody's business here, and neither is any other page.
 */
export function planFor({ method, mode, url }: Asked, origin: string, page: string): Plan {
  const { origin: from, pathname } = new URL(url);
  if (method !== 'GET' || from !== origin) return 'pass';
  if (mode === 'navigate') return pathname === page || pathname.startsWith(`${page}/`) ? 'shell' : 'pass';
  return pathname.startsWith('/assets/') ? 'part' : 'pass';
}

/** Caches of the program: one for each build. */
const PREFIX = 'varta-shell-';

export function cacheName(build: string): string {
  return `${PREFIX}${build}`;
}

/**
 * Caches that may go once a build has taken over: all but its own and the one that was made last before it, whose pages
 * may still be open and load parts that the server has no more. `names`: in the order in which they were made.
 */
export function outdatedCaches(names: readonly string[], build: string): string[] {
  const others = names.filter((name) => name.startsWith(PREFIX) && name !== cacheName(build));
  return others.slice(0, -1);
}
