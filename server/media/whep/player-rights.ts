import { VartaError } from '#contract/errors.ts';
import type { FeedId } from '#contract/ids.ts';
import type { Person } from '../../access/account.ts';
import type { LiveView } from '../../live/live.ts';
import type { Registry } from '../../nation/registry.ts';
import { decideFeed, type FeedAccess } from '../viewers/feed-access.ts';
import type { Player } from './player-store.ts';

/** What a player may have, as its grant says it. */
export type Granted = Extract<FeedAccess, { allow: true }>['granted'];

/** The person behind a session as of now; undefined when the session is over. Throws while the store is away. */
export type PersonOf = (sessionId: string) => Promise<Person | undefined>;

interface PlayerRightsOptions {
  registry: Pick<Registry, 'feed'>;
  view: Pick<LiveView, 'area'>;
  personOf: PersonOf;
}

/** Asks the policy for players. */
export class PlayerRights {
  readonly #options: PlayerRightsOptions;

  constructor(options: PlayerRightsOptions) {
    this.#options = options;
  }

  /** Asks policy as of now. @throws VartaError what it refuses with. */
  grant(person: Person, feedId: FeedId): Granted {
    const { registry, view } = this.#options;
    const access = decideFeed(person, feedId, { registry, area: (areaId) => view.area(areaId) });
    if (!access.allow) throw new VartaError(access.code, access.reason);
    return access.granted;
  }

  /** Asks session and policy as of now. @throws VartaError what they refuse with. */
  async authorise({ sessionId, feedId }: Player, personOf = this.#options.personOf): Promise<Granted> {
    const person = await personOf(sessionId);
    if (!person) throw new VartaError('unauthenticated');
    return this.grant(person, feedId);
  }

  /** For as long as what this gives is used, each session is asked about once. */
  personOfOnce(): PersonOf {
    const asked = new Map<string, ReturnType<PersonOf>>();
    return (sessionId) => {
      const answer = asked.get(sessionId) ?? this.#options.personOf(sessionId);
      asked.set(sessionId, answer);
      return answer;
    };
  }
}
