import type { ViewGrant } from '#contract/grants.ts';
import type { ViewerId } from '#contract/ids.ts';
import { MAX_GRANT_LIFE_SECONDS } from './verify-grant.ts';

/** The newest grant of one viewer. `iat` has whole seconds, so grants of the same second are told apart by `jti`. */
interface Standing {
  iat: number;
  jti: string;
  /** Grants of that same second that were replaced since; bounded by {@link MAX_GRANTS_PER_SECOND}. */
  replaced: readonly string[];
}

/** A viewer that turns a page asks a few times a second; far beyond that something is wrong. */
const MAX_GRANTS_PER_SECOND = 200;

/**
 * Whether a grant may take effect after those that were seen. An older one, replayed or late, must not give back what a
 * newer one took away; the current one may be shown again.
 */
export function supersede(
  standing: Standing | undefined,
  next: Pick<ViewGrant, 'iat' | 'jti'>,
): Standing | 'stale' {
  if (!standing || next.iat > standing.iat) return { iat: next.iat, jti: next.jti, replaced: [] };
  if (next.iat < standing.iat) return 'stale';
  if (next.jti === standing.jti) return standing;
  if (standing.replaced.includes(next.jti) || standing.replaced.length >= MAX_GRANTS_PER_SECOND)
    return 'stale';
  return { iat: next.iat, jti: next.jti, replaced: [...standing.replaced, standing.jti] };
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

  /** Takes note of a grant; `false` when a newer one of this viewer was seen. */
  accept(grant: Pick<ViewGrant, 'sub' | 'iat' | 'jti'>): boolean {
    const next = supersede(this.#standings.get(grant.sub), grant);
    if (next === 'stale') return false;
    // Deleted first, so that the map's order is the order of last use.
    this.#standings.delete(grant.sub);
    this.#standings.set(grant.sub, next);
    this.#forgetOld(grant.iat);
    return true;
  }

  #forgetOld(nowSeconds: number): void {
    for (const [viewerId, standing] of this.#standings) {
      const dead = standing.iat + MAX_GRANT_LIFE_SECONDS * 2 < nowSeconds;
      if (!dead && this.#standings.size <= this.#capacity) return;
      this.#standings.delete(viewerId);
    }
  }
}
