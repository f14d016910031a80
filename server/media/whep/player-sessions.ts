import type { Person } from '../../access/account.ts';
import { SESSION_ABSOLUTE_MS } from '../../access/session.ts';
import type { Redis } from '../../adapters/redis/connect.ts';
import { keys } from '../../adapters/redis/keys.ts';

interface PlayerSessionsOptions {
  redis: Redis;
  /** Reads a session by its stored id and counts that as use; undefined when it is over. */
  readSession(storedId: string): Promise<{ person: Person } | undefined>;
}

/**
 * Finds the session behind a handle, for as long as tokens or players of it may be about: who has only the handle, as in
 * a token, could not find it in the store.
 */
export class PlayerSessions {
  readonly #options: PlayerSessionsOptions;

  constructor(options: PlayerSessionsOptions) {
    this.#options = options;
  }

  /** To be called before a token of the session is given away. */
  async remember(sessionId: string, storedId: string): Promise<void> {
    await this.#options.redis.set(keys.playersSession(sessionId), storedId, {
      expiration: { type: 'PX', value: SESSION_ABSOLUTE_MS },
    });
  }

  async forget(sessionId: string): Promise<void> {
    await this.#options.redis.del(keys.playersSession(sessionId));
  }

  /** The person behind a session, as of now; undefined when it is over. Throws while the store is away. */
  async personOf(sessionId: string): Promise<Person | undefined> {
    const storedId = await this.#options.redis.get(keys.playersSession(sessionId));
    return storedId === null ? undefined : (await this.#options.readSession(storedId))?.person;
  }
}
