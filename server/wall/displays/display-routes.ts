import type { Request } from 'express';
import { z } from 'zod';
import { DisplayHealthBody, DisplaySelf, PAIRING_SECONDS, Pairing } from '#contract/displays.ts';
import { VartaError } from '#contract/errors.ts';
import { Instant } from '#contract/ids.ts';
import { actionsOf } from '../../access/decide.ts';
import { type AnyRoute, defineRoute } from '../../adapters/http/route.ts';
import type { Registry } from '../../nation/registry.ts';
import { digestOf, newDisplayKey, newPairingCode } from './display-key.ts';
import type { DisplayRecord, DisplayStore } from './display-store.ts';
import type { DisplayIdentity, Proved } from './identity.ts';
import { showWithin } from './show.ts';

/** Two screens that are given the same code by chance: tried anew so often. */
const MAX_ATTEMPTS = 5;

export interface Limiter {
  /** Undefined when it may be tried; else how long to wait. */
  take(key: string): Promise<{ retryAfterMs: number } | undefined>;
}

interface DisplayRoutesOptions {
  store: DisplayStore;
  /** Those that show parts of the same picture, itself among them. */
  partsWith(record: DisplayRecord): Promise<DisplayRecord[]>;
  identity: DisplayIdentity;
  registry: Pick<Registry, 'area' | 'nation'>;
  /** Pairings that one address begins. */
  pairings: Limiter;
  /** Whether a request comes from a page of ours. */
  isOwnRequest(request: Request): boolean;
  sample: boolean;
  now: () => number;
}

/** What a screen asks for: a code to be enrolled by, what to show, and that it be known how it does. */
export function displayRoutes(options: DisplayRoutesOptions): AnyRoute[] {
  const { store, identity, registry, partsWith, pairings, isOwnRequest, sample, now } = options;
  const toInstant = (ms: number) => new Date(ms).toISOString();

  const prove = async (request: Request): Promise<Proved> => {
    const proved = await identity.prove(request);
    if (!proved) throw new VartaError('unauthenticated', 'this screen is no display');
    return proved;
  };

  const selfOf = async ({ record, principal }: Proved): Promise<DisplaySelf> => {
    const { id, name, place, diagonalInches, distanceM, show } = record;
    const parts = await partsWith(record);
    return {
      id,
      name,
      place,
      diagonalInches,
      distanceM,
      // An alarm comes to one place of a wall, so all of its displays have to consent.
      spot: parts.every(({ spot }) => spot),
      scope: principal.scope,
      actions: [...actionsOf(principal)],
      show: show && showWithin(show, principal.scope, registry),
      parts: show ? parts.flatMap((part) => part.show?.span ?? []) : [],
      sample,
      serverTime: toInstant(now()),
    };
  };

  return [
    defineRoute({
      method: 'post',
      path: '/api/v1/display/pairing',
      action: 'display.pair',
      authentication: 'none',
      summary: 'A code by which this screen can be enrolled; sets the cookie that will be its key',
      reply: Pairing,
      handle: async ({ request, response }) => {
        if (!isOwnRequest(request)) throw new VartaError('origin_refused');
        const living = await identity.prove(request).catch(() => undefined);
        if (living) throw new VartaError('conflict', 'this screen is enrolled already');
        const limit = await pairings.take(request.ip ?? '');
        if (limit) {
          response.set('Retry-After', String(Math.ceil(limit.retryAfterMs / 1000)));
          throw new VartaError('rate_limited');
        }
        const key = newDisplayKey();
        for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
          const code = newPairingCode();
          const pairing = { displayId: key.displayId, digest: digestOf(key.secret) };
          if (!(await store.offer(code, pairing))) continue;
          identity.give(response, key);
          const nowMs = now();
          return {
            code,
            expiresAt: toInstant(nowMs + PAIRING_SECONDS * 1000),
            serverTime: toInstant(nowMs),
            timeZone: registry.nation.timeZone,
          };
        }
        throw new VartaError('internal', 'no free code');
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/display',
      action: 'display.own',
      authentication: 'display',
      summary: 'Which display this screen is, and what it has to show',
      reply: DisplaySelf,
      handle: async ({ request }) => await selfOf(await prove(request)),
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/display/health',
      action: 'display.own',
      authentication: 'display',
      summary: 'How this display does; answers which show it should have, and renews its key in time',
      body: DisplayHealthBody,
      reply: z.object({ showVersion: z.int().min(0), serverTime: Instant }),
      handle: async ({ request, response, body }) => {
        const { record } = await prove(request);
        const at = toInstant(now());
        await store.noteHealth(record.id, { ...body, at });
        await identity.rotate(request, response);
        return { showVersion: record.show?.version ?? 0, serverTime: at };
      },
    }),
  ];
}
