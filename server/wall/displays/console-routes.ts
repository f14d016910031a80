import { z } from 'zod';
import {
  DisplayId,
  DisplayList,
  type DisplayPlacing,
  DisplayView,
  EnrolBody,
  PlacingBody,
  PushBody,
  Pushed,
  RevokeBody,
  type Show,
  TourBody,
} from '#contract/displays.ts';
import { VartaError } from '#contract/errors.ts';
import type { WallContent } from '#contract/walls.ts';
import type { Person } from '../../access/account.ts';
import { actionsOf, type Principal } from '../../access/decide.ts';
import { common, covers } from '../../access/scopes.ts';
import { type AnyRoute, defineRoute } from '../../adapters/http/route.ts';
import { type AuditDraft, type AuditLog, toAuditActor } from '../../audit/audit.ts';
import type { Registry } from '../../nation/registry.ts';
import type { Limiter } from './display-routes.ts';
import type { DisplayRecord, DisplayStore, StoredDisplay } from './display-store.ts';
import { afterStep, withinScope } from './show.ts';
import { spansOf } from './spans.ts';

/** Attempts at a change that others keep overtaking. */
const MAX_ATTEMPTS = 8;
/** Displays change so much later, all at the same moment: the news has reached them by then. */
const LEAD_MS = 600;
/** Displays that live at once. */
const MAX_DISPLAYS = 500;

const Params = z.strictObject({ displayId: DisplayId });

export type DisplayNews = (displayId: DisplayId, news: 'changed' | 'revoked') => Promise<void>;

interface ConsoleRoutesOptions {
  store: DisplayStore;
  registry: Registry;
  audit: AuditLog;
  /** Wrong codes that one person types. */
  guesses: Limiter;
  publish: DisplayNews;
  now: () => number;
  /** A kept wall that this person finds among theirs. */
  wallOf(
    person: Person,
    wallId: string,
  ): Promise<Pick<WallContent, 'places' | 'bezelXMm' | 'bezelYMm'> | undefined>;
}

/** What people do with displays: enrol, see, put scenes on them, revoke. */
export function consoleRoutes({
  store,
  registry,
  audit,
  guesses,
  publish,
  now,
  wallOf,
}: ConsoleRoutesOptions): AnyRoute[] {
  const toInstant = (ms: number) => new Date(ms).toISOString();

  /** A living display that lies wholly in the caller's scope: nobody takes over a wall that shows more than they may see. */
  const find = async (person: Person, id: DisplayId, action: string): Promise<StoredDisplay> => {
    const stored = await store.find(id);
    if (!stored || stored.record.revoked) throw new VartaError('not_found', 'there is no such display');
    if (covers(person.scope, stored.record.scope, registry)) return stored;
    audit.auditRefusal({ principal: person, action, resource: { kind: 'any' }, code: 'forbidden' });
    throw new VartaError('forbidden', 'the display is outside the scope');
  };

  /** Changes a display as it is, again for as long as somebody else was faster. */
  const change = async (
    person: Person,
    id: DisplayId,
    make: {
      action: string;
      details(after: DisplayRecord): NonNullable<AuditDraft['details']>;
      next(record: DisplayRecord): DisplayRecord;
    },
  ): Promise<DisplayRecord> => {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const stored = await find(person, id, make.action);
      const after = { ...make.next(stored.record), version: stored.record.version + 1 };
      const draft: AuditDraft = {
        actor: toAuditActor(person),
        action: make.action,
        resource: `display:${id}`,
        outcome: 'done',
        details: make.details(after),
      };
      if (await store.change(stored, after, draft)) return after;
    }
    throw new VartaError('conflict');
  };

  const list = async (person: Person): Promise<DisplayList> => {
    const [records, health] = await Promise.all([store.all(), store.health()]);
    const seesStatus = actionsOf(person).includes('status.read');
    const items = records
      .filter(({ revoked, scope }) => !revoked && covers(person.scope, scope, registry))
      .map(({ revoked: _revoked, ...record }): DisplayView => {
        const own = health.get(record.id) ?? null;
        return {
          ...record,
          // Who sees no status sees that a display lives, not what is on it.
          show: seesStatus ? record.show : null,
          health: own && !seesStatus ? { ...own, tiles: [] } : own,
        };
      })
      .toSorted((a, b) => a.name.localeCompare(b.name, 'uk') || (a.id < b.id ? -1 : 1));
    return { items, nextCursor: null, serverTime: toInstant(now()) };
  };

  const enrol = async (person: Person, body: z.infer<typeof EnrolBody>): Promise<DisplayView> => {
    const scope = body.scope ?? person.scope;
    if (!covers(person.scope, scope, registry)) {
      audit.auditRefusal({
        principal: person,
        action: 'display.manage',
        resource: { kind: 'any' },
        code: 'forbidden',
      });
      throw new VartaError('forbidden', 'a display may see no more than who enrols it');
    }
    const living = (await store.all()).filter(({ revoked }) => !revoked);
    if (living.length >= MAX_DISPLAYS)
      throw new VartaError('limit_reached', `at most ${MAX_DISPLAYS} displays`);
    const limit = await guesses.take(person.username);
    if (limit) throw new VartaError('rate_limited');
    const pairing = await store.take(body.code);
    if (!pairing) throw new VartaError('not_found', 'no screen shows this code now');
    const at = toInstant(now());
    const { name, place, diagonalInches, distanceM, spot } = body;
    const record: DisplayRecord = {
      id: pairing.displayId,
      name,
      place,
      diagonalInches,
      distanceM,
      spot,
      scope,
      enrolledBy: person.username,
      enrolledAt: at,
      version: 1,
      show: null,
      revoked: null,
    };
    const draft: AuditDraft = {
      actor: toAuditActor(person),
      action: 'display.enrol',
      resource: `display:${record.id}`,
      outcome: 'done',
      details: { name, place, scope: JSON.stringify(scope).slice(0, 1000) },
    };
    const key = { digest: pairing.digest, before: null, since: at };
    if (!(await store.change(undefined, record, draft, key))) throw new VartaError('conflict');
    const { revoked: _revoked, ...view } = record;
    return { ...view, health: null };
  };

  const push = async (person: Person, body: z.infer<typeof PushBody>): Promise<z.infer<typeof Pushed>> => {
    const displayIds = [...new Set(body.displayIds)];
    const diagonals = new Map<DisplayId, number>();
    // All or none: whoever may not change one of them is told before anything has changed.
    for (const id of displayIds)
      diagonals.set(id, (await find(person, id, 'display.push')).record.diagonalInches);
    const wall = body.wallId === undefined ? undefined : await wallOf(person, body.wallId);
    if (body.wallId !== undefined && !wall) throw new VartaError('not_found', 'there is no such wall');
    const spans = wall && spansOf(wall, (id) => diagonals.get(id));
    if (spans && displayIds.some((id) => !spans.has(id)))
      throw new VartaError('conflict', 'the wall has other displays by now');
    const nowMs = now();
    const pushedAt = toInstant(nowMs);
    const anchorAt = toInstant(nowMs + LEAD_MS);
    const items: z.infer<typeof Pushed>['items'] = [];
    for (const displayId of displayIds) {
      const after = await change(person, displayId, {
        action: 'display.push',
        next: (record) => {
          const scope = common(record.scope, person.scope, registry);
          if (!scope) throw new VartaError('forbidden', 'nothing is within both scopes');
          const parts = body.scenes.map((scene) => withinScope(scene, scope, registry));
          const show: Show = {
            version: record.version + 1,
            scenes: parts.map(({ scene }) => scene),
            dwellMs: body.dwellS * 1000,
            isPaused: false,
            anchorIndex: 0,
            anchorAt,
            pushedBy: person.username,
            pushedAt,
            leftOut: parts.reduce((sum, { leftOut }) => sum + leftOut, 0),
            ...(spans ? { span: spans.get(displayId) } : {}),
          };
          return { ...record, show };
        },
        details: ({ show }) => ({
          scenes: (show?.scenes ?? [])
            .map(({ name }) => name)
            .join('; ')
            .slice(0, 1000),
          areas: areasOf(show).slice(0, 1000),
          leftOut: show?.leftOut ?? 0,
        }),
      });
      items.push({ displayId, version: after.version, leftOut: after.show?.leftOut ?? 0 });
    }
    await Promise.all(displayIds.map((id) => publish(id, 'changed')));
    return { items };
  };

  const placeAnew = async (person: Person, id: DisplayId, placing: DisplayPlacing): Promise<DisplayView> => {
    const after = await change(person, id, {
      action: 'display.place',
      next: (record) => ({ ...record, ...placing }),
      details: ({ name, place, spot }) => ({ name, place, spot }),
    });
    await publish(id, 'changed');
    const { revoked: _revoked, ...view } = after;
    return { ...view, health: null };
  };

  const tour = async (person: Person, id: DisplayId, body: z.infer<typeof TourBody>): Promise<void> => {
    await change(person, id, {
      action: 'display.tour',
      next: (record) => {
        if (!record.show || record.show.version !== body.version)
          throw new VartaError('conflict', 'something else is on the display by now');
        const { step } = body;
        if (step === 'clear') return { ...record, show: null };
        const show = { ...afterStep(record.show, step, now()), version: record.version + 1 };
        return { ...record, show };
      },
      details: () => ({ step: body.step }),
    });
    await publish(id, 'changed');
  };

  const revoke = async (person: Person, id: DisplayId, reason: string): Promise<void> => {
    await change(person, id, {
      action: 'display.revoke',
      next: (record) => ({
        ...record,
        show: null,
        revoked: { by: person.username, at: toInstant(now()), reason },
      }),
      details: () => ({ reason }),
    });
    await publish(id, 'revoked');
    await store.forgetHealth(id);
  };

  return [
    defineRoute({
      method: 'get',
      path: '/api/v1/displays',
      action: 'display.read',
      authentication: 'session',
      summary: 'Displays within the caller’s scope, how they do and what they show',
      reply: DisplayList,
      handle: ({ principal }) => list(asPerson(principal)),
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/displays',
      action: 'display.manage',
      authentication: 'session',
      summary: 'Enrol the screen that shows this code',
      body: EnrolBody,
      reply: DisplayView,
      replyStatus: 201,
      handle: ({ principal, body }) => enrol(asPerson(principal), body),
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/displays/:displayId/placing',
      action: 'display.manage',
      authentication: 'session',
      summary: 'Say where a display stands, how it is read, and whether alarms come to it',
      params: Params,
      body: PlacingBody,
      reply: DisplayView,
      handle: ({ principal, params, body }) => placeAnew(asPerson(principal), params.displayId, body),
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/displays/:displayId/revocation',
      action: 'display.manage',
      authentication: 'session',
      summary: 'Revoke a display for good; what it plays ends at once',
      params: Params,
      body: RevokeBody,
      handle: async ({ principal, params, body }) => {
        await revoke(asPerson(principal), params.displayId, body.reason);
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/displays/push',
      action: 'display.push',
      authentication: 'session',
      summary: 'Put a scene, or several in turn, on displays, on all at the same moment',
      body: PushBody,
      reply: Pushed,
      handle: ({ principal, body }) => push(asPerson(principal), body),
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/displays/:displayId/tour',
      action: 'display.push',
      authentication: 'session',
      summary: 'Pause a tour, let it go on, take a step, or clear the display',
      params: Params,
      body: TourBody,
      handle: async ({ principal, params, body }) => {
        await tour(asPerson(principal), params.displayId, body);
        return undefined;
      },
    }),
  ];
}

function areasOf(show: Show | null): string {
  return (show?.scenes ?? [])
    .flatMap(({ fill }) => (fill.kind === 'areas' ? fill.areaIds.filter((id) => id !== null) : ['(filter)']))
    .join(' ');
}

function asPerson(principal: Principal): Person {
  if (principal.kind !== 'person') throw new VartaError('forbidden');
  return principal;
}
