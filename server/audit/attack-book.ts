import type { AuditActor } from '#contract/audit.ts';
import type { ErrorCode } from '#contract/errors.ts';

/** Something that nobody does by mistake, and that was refused. */
export interface Attack {
  /** Who, as far as that is known. */
  actor: AuditActor;
  /** Where from: an IP address, a place in a node. */
  from: string;
  /** What was tried, such as `path`. */
  kind: string;
  /** What would have been done, and to what, of the first of those that are told together. */
  action: string;
  resource: string;
  code: ErrorCode;
  /** @default 1 */
  count?: number;
}

/** What is told: how often it was since it was last told. */
export type CountedAttack = Required<Attack>;

/** How long what is like something that was told is only counted. */
const WINDOW_MS = 60_000;
/** Sources and kinds that are told apart at a time; those beyond are one source a kind, so that none of it fills the audit. */
const MAX_SOURCES = 200;
const OTHERS = 'others';

interface Page {
  attack: Attack;
  untilMs: number;
  count: number;
}

/**
 * Which attacks get into the audit, so that attacking cannot fill it: the first of a source and a kind at once, and then,
 * for as long as it goes on, one entry a minute that says how many there were.
 */
export class AttackBook {
  readonly #now: () => number;
  readonly #pages = new Map<string, Page>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Takes note of an attack; gives what is to be told of it now. */
  note(attack: Attack): CountedAttack | undefined {
    const count = attack.count ?? 1;
    const known = this.#pages.get(nameOf(attack));
    if (known) {
      known.count += count;
      return undefined;
    }
    const told: Attack =
      this.#pages.size < MAX_SOURCES
        ? attack
        : { ...attack, actor: { kind: 'anonymous', id: 'anonymous' }, from: OTHERS };
    const others = this.#pages.get(nameOf(told));
    if (others) {
      others.count += count;
      return undefined;
    }
    this.#pages.set(nameOf(told), { attack: told, untilMs: this.#now() + WINDOW_MS, count: 0 });
    return { ...told, count };
  }

  /** What was counted in minutes that are over; `all`: also in those that are not. */
  take(all = false): CountedAttack[] {
    const nowMs = this.#now();
    const told: CountedAttack[] = [];
    for (const [name, page] of this.#pages) {
      if (!all && nowMs < page.untilMs) continue;
      if (page.count > 0) told.push({ ...page.attack, count: page.count });
      if (page.count === 0 || all) this.#pages.delete(name);
      else Object.assign(page, { untilMs: nowMs + WINDOW_MS, count: 0 });
    }
    return told;
  }
}

function nameOf({ actor, from, kind }: Attack): string {
  return JSON.stringify([actor.kind, actor.id, from, kind]);
}
