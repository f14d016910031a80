import { z } from 'zod';

/** Replicas are replaced one after another, within a minute or so: what a page is told meanwhile changes with its replica. */
const OTHER_AFTER_MS = 60_000;
const BROKEN_AFTER_MS = 5_000;
/** What is broken after a reload, too, is no matter of the page's version: no sooner again than after this. */
const BROKEN_PAUSE_MS = 10 * 60_000;
/** A page that is gone while the server is away would leave the screen with the browser's own error. */
const AWAY_RETRY_MS = 30_000;
const KEEP_BUILDS = 10;

const KEY = 'varta.reloads';
const Memory = z.object({ builds: z.array(z.string()), brokenAtMs: z.number().optional() });
type Memory = z.infer<typeof Memory>;

/** What speaks for loading a page anew. */
export interface ReloadReason {
  /** The server serves this build of it. */
  otherBuild?: string | undefined;
  /** What the server says cannot be read. */
  unreadable?: boolean;
  /** The page has failed: that is all that it says. */
  failed?: boolean;
}

interface Ports {
  /** What outlives the page in its tab. Where nothing can be kept, nothing is loaded anew: it might be without an end. */
  storage: Pick<Storage, 'getItem' | 'setItem'>;
  isServerThere(): Promise<boolean>;
  reload(): void;
  wallMs(): number;
  random(): number;
  setTimeout(run: () => void, ms: number): number;
  clearTimeout(handle: number): void;
}

type Why = 'broken' | 'other';

/** Loads a display's page anew where nobody is in front of it: once for each build of the server, rarely if it is broken. */
export interface SelfReload {
  /** What speaks for it now; nothing, if that has passed. */
  consider(reason: ReloadReason): void;
}

export function createSelfReload(ports: Ports): SelfReload {
  const { storage, isServerThere, reload, wallMs, random } = ports;
  let timer: number | undefined;
  let latest: ReloadReason = {};

  /** Why, and in how many milliseconds; undefined for not at all. */
  function plan({ otherBuild, unreadable, failed }: ReloadReason): { why: Why; inMs: number } | undefined {
    const { builds, brokenAtMs } = read(storage);
    const isNew = otherBuild !== undefined && !builds.includes(otherBuild);
    const sinceMs = brokenAtMs === undefined ? Infinity : Math.abs(wallMs() - brokenAtMs);
    const pauseMs = Math.max(BROKEN_AFTER_MS, BROKEN_PAUSE_MS - sinceMs);
    if ((unreadable || failed) && (!isNew || pauseMs <= OTHER_AFTER_MS))
      return { why: 'broken', inMs: pauseMs };
    return isNew ? { why: 'other', inMs: OTHER_AFTER_MS } : undefined;
  }

  async function attempt(why: Why, reason: ReloadReason): Promise<void> {
    const isThere = await isServerThere();
    if (latest !== reason) return;
    if (!isThere) wait(why, reason, AWAY_RETRY_MS);
    else if (remember(why, reason)) reload();
  }

  function wait(why: Why, reason: ReloadReason, ms: number): void {
    timer = ports.setTimeout(() => void attempt(why, reason), ms);
  }

  function remember(why: Why, { otherBuild }: ReloadReason): boolean {
    const before = read(storage);
    const builds = [...(otherBuild === undefined ? [] : [otherBuild]), ...before.builds].slice(
      0,
      KEEP_BUILDS,
    );
    const memory: Memory = why === 'other' ? { ...before, builds } : { ...before, brokenAtMs: wallMs() };
    try {
      storage.setItem(KEY, JSON.stringify(memory));
      return true;
    } catch {
      return false;
    }
  }

  return {
    consider(reason) {
      if (isSame(latest, reason)) return;
      latest = reason;
      ports.clearTimeout(timer ?? 0);
      const planned = plan(reason);
      if (!planned) return;
      const { why, inMs } = planned;
      // By chance up to as much again, so that the screens of a room do not go dark together.
      wait(why, reason, inMs + random() * Math.min(inMs, OTHER_AFTER_MS));
    },
  };
}

function isSame(a: ReloadReason, b: ReloadReason): boolean {
  return a.otherBuild === b.otherBuild && a.unreadable === b.unreadable && a.failed === b.failed;
}

function read(storage: Ports['storage']): Memory {
  try {
    return Memory.parse(JSON.parse(storage.getItem(KEY) ?? ''));
  } catch {
    return { builds: [] };
  }
}
