import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { VartaError } from '#contract/errors.ts';
import type { Flag } from '#contract/flags.ts';
import type {
  CurrentHandover,
  Handover,
  HandoverPage,
  HandoverQuery,
  OpenHandoverBody,
  Signature,
} from '#contract/handover.ts';
import type { Scope } from '#contract/session.ts';
import type { Principal } from '../access/decide.ts';
import { covers } from '../access/scopes.ts';
import { type AuditDraft, type AuditLog, toAuditActor } from '../audit/audit.ts';
import type { Registry } from '../nation/registry.ts';
import type { Gather } from './gather.ts';
import { type HandoverStep, partOf, refreshed, summaryOf } from './handover.ts';
import type { HandoverStore, StoredHandover } from './handover-store.ts';
import { keysOf, mergeItems, NOTHING } from './merge.ts';
import type { ReadChanges } from './read-changes.ts';

const HOUR_MS = 3_600_000;
/** Without a last handover, what happened in the last day is told. */
const FIRST_SINCE_MS = 24 * HOUR_MS;
/** What is live is looked at again this often while somebody looks. */
const REFRESH_MS = 5_000;
/** Attempts at a step that others keep overtaking. */
const MAX_ATTEMPTS = 8;

export type Person = Extract<Principal, { kind: 'person' }>;

interface DeskOptions {
  store: HandoverStore;
  gather: Gather;
  readChanges: ReadChanges;
  registry: Registry;
  audit: AuditLog;
  now: () => number;
}

/** A step that somebody makes on a handover. */
export interface MadeStep {
  action: string;
  details: NonNullable<AuditDraft['details']>;
  decide(handover: Handover, by: Signature): HandoverStep;
  /** It is held against what is live at this very moment. @default as of some seconds ago at most */
  isExact?: boolean;
}

/** Handing over and taking over, by whoever may: a desk its own scope or a part of it, to the next one of the same role. */
export class HandoverDesk {
  readonly #options: DeskOptions;

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  /** Throws `forbidden` for what lies outside the scope, and `conflict` when some of it is being handed over already. */
  async open(person: Person, body: z.infer<typeof OpenHandoverBody>): Promise<Handover> {
    const { store, gather, readChanges, registry } = this.#options;
    const regions = registry.nation.regions.map(({ id }) => id);
    const scope = partOf(person.scope, body.regionIds, regions);
    if (!scope) throw new VartaError('forbidden', 'regionIds: outside the scope');
    const opened = this.#sign(person);
    const nowMs = Date.parse(opened.at);
    const previous = await this.#lastClosed(person, scope);
    const previousAt = previous?.ended?.at ?? null;
    const sinceMs = sinceOf({ previousAt, opened });
    const shiftEndsMs = nowMs + body.shiftHours * HOUR_MS;
    const [{ flags, whole, things }, changes] = await Promise.all([
      gather(scope, sinceMs, shiftEndsMs),
      readChanges(scope, sinceMs),
    ]);
    const known = previous && keysOf(previous);
    const { items, left } = mergeItems(NOTHING, things, { scope, nowMs, openedMs: nowMs, known });
    const handover: Handover = {
      id: randomUUID(),
      desk: person.role,
      scope,
      state: 'open',
      opened,
      shiftEndsAt: new Date(shiftEndsMs).toISOString(),
      ended: null,
      previousAt,
      since: { ...countsSince(flags, sinceMs), ...(whole ? {} : { whole }) },
      changes,
      items,
      left,
      notes: body.note === '' ? [] : [{ ...opened, text: body.note }],
      checkedAt: opened.at,
      version: 1,
    };
    const draft = draftOf(person, 'handover.open', handover, { items: items.length });
    if ((await store.change(undefined, handover, draft)) !== 'done')
      throw new VartaError('conflict', 'some of it is being handed over already');
    return handover;
  }

  /** What the person's desk hands over now. */
  async current(person: Person): Promise<z.infer<typeof CurrentHandover>> {
    const { store, registry } = this.#options;
    const open = (await store.open()).filter(
      ({ handover }) => isOfDesk(person, handover) && covers(person.scope, handover.scope, registry),
    );
    const whole = open.find(({ handover }) => covers(handover.scope, person.scope, registry));
    return {
      handover: whole ? (await this.#upToDate(whole)).handover : null,
      open: open.map(({ handover }) => summaryOf(handover)),
    };
  }

  /** One that the person may know of, as of now. */
  async read(person: Person, id: string): Promise<Handover> {
    return (await this.#upToDate(await this.#find(person, id))).handover;
  }

  /** Makes a step on the handover as it is, again for as long as somebody else was faster. */
  async step(
    person: Person,
    id: string,
    { action, details, decide, isExact = false }: MadeStep,
  ): Promise<Handover> {
    const { store } = this.#options;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const stored = await this.#upToDate(await this.#find(person, id), isExact);
      if (!isOfDesk(person, stored.handover)) throw this.#refuse(person, 'it is the shift of another desk');
      const result = decide(stored.handover, this.#sign(person));
      if (result.kind === 'refused') throw new VartaError(result.code, result.message);
      if (result.kind === 'same') return result.handover;
      const draft = draftOf(person, action, stored.handover, details);
      if ((await store.change(stored, result.handover, draft)) === 'done') return result.handover;
    }
    throw new VartaError('conflict');
  }

  /** Newest first. Throws `invalid` for a cursor that is none. */
  async list(
    person: Person,
    { cursor, limit }: z.infer<typeof HandoverQuery>,
  ): Promise<z.infer<typeof HandoverPage>> {
    const { store, registry, now } = this.#options;
    const items: z.infer<typeof HandoverPage>['items'] = [];
    const beforeMs = cursor === undefined ? now() + 1 : Number(cursor);
    if (!Number.isFinite(beforeMs)) throw new VartaError('invalid', 'cursor: not a cursor of this list');
    for await (const handover of store.newestFirst(beforeMs)) {
      if (!covers(person.scope, handover.scope, registry)) continue;
      const last = items.at(-1);
      if (items.length === limit && last) return { items, nextCursor: String(Date.parse(last.opened.at)) };
      items.push(summaryOf(handover));
    }
    return { items, nextCursor: null };
  }

  /** Whoever answers for a part does not read of the whole. */
  async #find(person: Person, id: string): Promise<StoredHandover> {
    const { store, registry } = this.#options;
    const stored = await store.find(id);
    if (!stored) throw new VartaError('not_found', 'there is no such handover');
    if (covers(person.scope, stored.handover.scope, registry)) return stored;
    throw this.#refuse(person, 'the handover is outside the scope');
  }

  #refuse(principal: Person, reason: string): VartaError {
    const code = 'forbidden';
    this.#options.audit.auditRefusal({
      principal,
      action: 'handover.read',
      resource: { kind: 'any' },
      code,
    });
    return new VartaError(code, reason);
  }

  /** The handover as of now, if it is open and was not looked at just before; at once when more is to be offered. */
  async #upToDate(stored: StoredHandover, isExact = false): Promise<StoredHandover> {
    const { store, gather, now } = this.#options;
    const { handover } = stored;
    if (handover.state !== 'open') return stored;
    const isFresh = now() - Date.parse(handover.checkedAt) < REFRESH_MS;
    const isThrough = handover.left > 0 && handover.items.every(({ acknowledged }) => acknowledged !== null);
    if (isFresh && !isExact && !isThrough) return stored;
    const shiftEndsMs = Date.parse(handover.shiftEndsAt);
    let before = stored;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const { things } = await gather(handover.scope, sinceOf(handover), shiftEndsMs);
      const after = refreshed(before.handover, things, now());
      if (await store.refresh(before, after)) return { handover: after, json: JSON.stringify(after) };
      before = (await store.find(handover.id)) ?? before;
      // What somebody else has written meanwhile was not held against what was just gathered.
      if (!isExact || before.handover.state !== 'open') return before;
    }
    throw new VartaError('conflict');
  }

  /** The last time that all of a scope was taken over at once. */
  async #lastClosed(person: Person, scope: Scope): Promise<Handover | undefined> {
    const { store, registry, now } = this.#options;
    for await (const one of store.newestFirst(now() + 1))
      if (one.state === 'closed' && isOfDesk(person, one) && covers(one.scope, scope, registry)) return one;
    return undefined;
  }

  #sign(person: Person): Signature {
    return { by: person.username, at: new Date(this.#options.now()).toISOString() };
  }
}

function isOfDesk(person: Person, { desk }: Pick<Handover, 'desk'>): boolean {
  return desk === undefined || desk === person.role;
}

function sinceOf({ previousAt, opened }: Pick<Handover, 'previousAt' | 'opened'>): number {
  return previousAt === null ? Date.parse(opened.at) - FIRST_SINCE_MS : Date.parse(previousAt);
}

function countsSince(flags: readonly Flag[], sinceMs: number): Handover['since'] {
  const isNews = (at: string | undefined) => Date.parse(at ?? '') >= sinceMs;
  const closedAs = (state: Flag['state']) =>
    flags.filter((flag) => flag.state === state && isNews(flag.history.at(-1)?.at)).length;
  return {
    raised: flags.filter(({ history }) => isNews(history[0]?.at)).length,
    resolved: closedAs('resolved'),
    dismissed: closedAs('dismissed'),
  };
}

function draftOf(
  person: Person,
  action: string,
  { id }: Handover,
  details: NonNullable<AuditDraft['details']>,
): AuditDraft {
  return { actor: toAuditActor(person), action, resource: `handover:${id}`, outcome: 'done', details };
}
