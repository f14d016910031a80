import { z } from 'zod';
import type { SessionView } from '#contract/accounts.ts';
import { SESSION_ABSOLUTE_MS } from '../../access/session.ts';
import type { Redis } from '../redis/connect.ts';
import { keys } from '../redis/keys.ts';

const Kept = z.object({ device: z.string(), sinceMs: z.int() });

/** An account has so many sessions at most; the oldest ends for a new one. */
const MAX_SESSIONS = 20;

/** Which sessions there are of an account, so that they can be listed and ended. */
export interface SessionList {
  add(session: { username: string; sessionId: string; storedId: string; device: string }): Promise<void>;
  /** A session goes on under another id. */
  moved(sessionId: string, storedId: string): Promise<void>;
  /** Newest first. */
  list(username: string): Promise<Omit<SessionView, 'current'>[]>;
  /** Ends sessions of an account that `choose` names; returns their handles. */
  end(username: string, choose: (sessionId: string) => boolean): Promise<string[]>;
}

interface SessionListOptions {
  redis: Redis;
  now: () => number;
  /** Called with the handle of each session that was ended. */
  onEnded(sessionId: string): Promise<void>;
}

export function createSessionList({ redis, now, onEnded }: SessionListOptions): SessionList {
  const setStoredId = (sessionId: string, storedId: string) =>
    redis.set(keys.sessionByHandle(sessionId), storedId, {
      expiration: { type: 'PX', value: SESSION_ABSOLUTE_MS },
    });

  const forget = (username: string, sessionId: string) =>
    redis.hDel(keys.sessionsOf(username), [sessionId, `${sessionId}:seen`]);

  /** Those that are still in the store; the others are forgotten here. */
  const read = async (username: string) => {
    const fields = await redis.hGetAll(keys.sessionsOf(username));
    const found = await Promise.all(
      Object.keys(fields)
        .filter((field) => !field.endsWith(':seen'))
        .map(async (sessionId) => {
          const storedId = await redis.get(keys.sessionByHandle(sessionId));
          const lives = storedId !== null && (await redis.exists(keys.sessionPrefix + storedId)) === 1;
          const kept = parseKept(fields[sessionId]);
          if (lives && kept)
            return { sessionId, ...kept, seenMs: Number(fields[`${sessionId}:seen`] ?? kept.sinceMs) };
          await forget(username, sessionId);
          return undefined;
        }),
    );
    return found
      .filter((session) => session !== undefined)
      .toSorted((a, b) => b.sinceMs - a.sinceMs || (a.sessionId < b.sessionId ? -1 : 1));
  };

  const end = async (username: string, sessionId: string) => {
    const storedId = await redis.getDel(keys.sessionByHandle(sessionId));
    if (storedId !== null) await redis.del(keys.sessionPrefix + storedId);
    await forget(username, sessionId);
    await onEnded(sessionId);
  };

  return {
    add: async ({ username, sessionId, storedId, device }) => {
      const present = await read(username);
      for (const { sessionId: oldest } of present.slice(MAX_SESSIONS - 1)) await end(username, oldest);
      await setStoredId(sessionId, storedId);
      const kept: z.infer<typeof Kept> = { device, sinceMs: now() };
      await redis.hSet(keys.sessionsOf(username), sessionId, JSON.stringify(kept));
      await redis.pExpire(keys.sessionsOf(username), SESSION_ABSOLUTE_MS);
    },
    moved: async (sessionId, storedId) => {
      await setStoredId(sessionId, storedId);
    },
    list: async (username) =>
      (await read(username)).map(({ sessionId, device, sinceMs, seenMs }) => ({
        sessionId,
        device,
        since: new Date(sinceMs).toISOString(),
        lastSeenAt: new Date(seenMs).toISOString(),
      })),
    end: async (username, choose) => {
      const chosen = (await read(username)).map(({ sessionId }) => sessionId).filter(choose);
      for (const sessionId of chosen) await end(username, sessionId);
      return chosen;
    },
  };
}

function parseKept(json: string | undefined): z.infer<typeof Kept> | undefined {
  try {
    return Kept.safeParse(JSON.parse(json ?? '')).data;
  } catch {
    return undefined;
  }
}
