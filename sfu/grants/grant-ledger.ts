import type { ViewGrant } from '#contract/grants.ts';
import type { ViewerId } from '#contract/ids.ts';
import { MAX_GRANT_LIFE_SECONDS } from './verify-grant.ts';

type Numbered = Pick<ViewGrant, 'iat' | 'jti'>;

/** The newest grant of one viewer. `iat` has whole seconds, so grants of the same second are told apart by `jti`. */
interface Standing extends Numbered {
  /** Grants that it and those before have replaced, as long as they may be alive; bounded by {@link MAX_FORMER}. */
  former: readonly Numbered[];
}

/**
 * Why a grant has no effect: a newer one came before it (two messages of one viewer by way of two servers, or a server
 * that stood still), or it had its effect before and is shown again, which nobody does who has not read it on its way.
 */
type Stale = 'overtaken' | 'shown-again';

/** A viewer that turns a page asks a few times a second; far beyond that something is wrong. */
const MAX_GRANTS_PER_SECOND = 200;
const MAX_FORMER = 2 * MAX_GRANTS_PER_SECOND;

/**
 * Whether a grant may take effect after those that were seen. An older one, replayed or late, must not give back what a
 * newer one took away; the current one may be shown again.
 */
export function supersede(standing: Standing | undefined, { iat, jti }: Numbered): Standing | Stale {
  if (!standing) return { iat, jti, former: [] };
  if (jti === standing.jti) return standing;
  if (standing.former.some((one) => one.jti === jti)) return 'shown-again';
  if (iat < standing.iat) return 'overtaken';
  const replaced = { iat: standing.iat, jti: standing.jti };
  const former = [...standing.former, replaced].filter((one) => one.iat + MAX_GRANT_LIFE_SECONDS >= iat);
  if (former.filter((one) => one.iat === iat).length > MAX_GRANTS_PER_SECOND) return 'overtaken';
  return { iat, jti, former: former.slice(-MAX_FORMER) };
}

/**
 * Remembers each viewer's newest grant, also after the viewer has left: until then an older one could still be alive and
 * be used to come back with it. Entries end when no grant of that time can be alive; beyond `capacity` viewers the
 * longest unseen is forgotten first.
 */
export class GrantLedger {
  readonly #standings = new Map<ViewerId, Standing>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#standings.size;
  }

  /** Takes note of a grant; says why it has no effect when a newer one of this viewer was seen. */
  accept(grant: Pick<ViewGrant, 'sub' | 'iat' | 'jti'>): 'in-force' | Stale {
    const next = supersede(this.#standings.get(grant.sub), grant);
    if (typeof next === 'string') return next;
    // Deleted first, so that the map's order is the order of last use.
    this.#standings.delete(grant.sub);
    this.#standings.set(grant.sub, next);
    this.#forgetOld(grant.iat);
    return 'in-force';
  }

  #forgetOld(nowSeconds: number): void {
    for (const [viewerId, standing] of this.#standings) {
      const dead = standing.iat + MAX_GRANT_LIFE_SECONDS * 2 < nowSeconds;
      if (!dead && this.#standings.size <= this.#capacity) return;
      this.#standings.delete(viewerId);
    }
  }
}
