import type { IncomingMessage } from 'node:http';
import type { Response } from 'express';
import { type DisplayId, standingShow } from '#contract/displays.ts';
import { VartaError } from '#contract/errors.ts';
import { type Accounts, type DisplayPrincipal, toPerson } from '../../access/account.ts';
import { actionsOf } from '../../access/decide.ts';
import { common } from '../../access/scopes.ts';
import type { Registry } from '../../nation/registry.ts';
import {
  DISPLAY_COOKIE,
  type DisplayKey,
  digestOf,
  isSameDigest,
  newSecret,
  readDisplayKey,
} from './display-key.ts';
import type { DisplayRecord, DisplayStore } from './display-store.ts';

/** A key is replaced after this. */
const ROTATE_AFTER_MS = 24 * 3_600_000;
/** The longest that browsers keep a cookie. */
const COOKIE_DAYS = 400;

/** A display that proved itself, as of now. */
export interface Proved {
  principal: DisplayPrincipal;
  record: DisplayRecord;
}

/** The handle under which everything hangs together that a display has open. */
export function displaySessionOf(displayId: DisplayId): string {
  return `display-${displayId}`;
}

interface IdentityOptions {
  store: DisplayStore;
  accounts: Accounts;
  registry: Registry;
  /** Cookies travel over HTTPS only. */
  secure: boolean;
  now: () => number;
}

/** Who displays are: proved by their cookie, which is theirs alone. */
export class DisplayIdentity {
  readonly #options: IdentityOptions;

  constructor(options: IdentityOptions) {
    this.#options = options;
  }

  /** The display that a request comes from; undefined when it has no key of one. Throws `display_revoked`. */
  async prove(request: Pick<IncomingMessage, 'headers'>): Promise<Proved | undefined> {
    const presented = readDisplayKey(request.headers.cookie);
    if (!presented) return undefined;
    const { store } = this.#options;
    const [stored, kept] = await Promise.all([
      store.find(presented.displayId),
      store.key(presented.displayId),
    ]);
    if (!stored || !kept) return undefined;
    const digest = digestOf(presented.secret);
    const { key } = kept;
    if (!isSameDigest(digest, key.digest) && !(key.before !== null && isSameDigest(digest, key.before)))
      return undefined;
    if (stored.record.revoked) throw new VartaError('display_revoked');
    return this.#toProved(stored.record);
  }

  /** A display that proved itself before, as of now; undefined when it was revoked. */
  async proveId(displayId: DisplayId): Promise<Proved | undefined> {
    const stored = await this.#options.store.find(displayId);
    return stored && !stored.record.revoked ? this.#toProved(stored.record) : undefined;
  }

  /** What a display may do now: within its own scope and that of who put on it what it shows. */
  async #toProved(record: DisplayRecord): Promise<Proved> {
    const { accounts, registry, now } = this.#options;
    const base = { kind: 'display', displayId: record.id } as const;
    const without: Proved = {
      principal: { ...base, scope: record.scope, shift: null },
      record: { ...record, show: null },
    };
    const show = standingShow(record.show, now());
    if (!show) return without;
    const account = await accounts.find(show.pushedBy);
    const mayPush = account && actionsOf(toPerson(account)).includes('display.push');
    const both = mayPush ? common(record.scope, account.scope, registry) : undefined;
    // Displays of one picture know the same alarms and areas, or they would not show the same.
    const scope = both && show.part ? common(both, show.part.scope, registry) : both;
    // Who pushed may see nothing of it any more: then nothing is shown.
    if (!scope) return without;
    return { principal: { ...base, scope, shift: show.pushedBy }, record };
  }

  /** Replaces a key that is old; the one before holds until the new one was used, so that no answer that is lost locks out. */
  async rotate(request: Pick<IncomingMessage, 'headers'>, response: Response): Promise<void> {
    const { store, now } = this.#options;
    const presented = readDisplayKey(request.headers.cookie);
    const kept = presented && (await store.key(presented.displayId));
    if (!presented || !kept) return;
    const { key, json } = kept;
    const isPresent = isSameDigest(digestOf(presented.secret), key.digest);
    if (isPresent && key.before !== null) {
      await store.rotate(presented.displayId, json, { ...key, before: null });
      return;
    }
    if (isPresent && now() - Date.parse(key.since) < ROTATE_AFTER_MS) return;
    const secret = newSecret();
    const since = new Date(now()).toISOString();
    const before = digestOf(presented.secret);
    if (await store.rotate(presented.displayId, json, { digest: digestOf(secret), before, since }))
      this.give(response, { displayId: presented.displayId, secret });
  }

  /** Gives a page its key, where no script can read it. */
  give(response: Response, { displayId, secret }: DisplayKey): void {
    response.cookie(DISPLAY_COOKIE, `${displayId}.${secret}`, {
      httpOnly: true,
      sameSite: 'strict',
      secure: this.#options.secure,
      path: '/',
      maxAge: COOKIE_DAYS * 24 * 3_600_000,
    });
  }
}
