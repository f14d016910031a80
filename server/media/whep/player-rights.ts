import { VartaError } from '#contract/errors.ts';
import type { Person } from '../../access/account.ts';
import type { LiveView } from '../../live/live.ts';
import type { Registry } from '../../nation/registry.ts';
import { purposeOf } from '../purposes/purpose-of.ts';
import type { PurposeStore } from '../purposes/purpose-store.ts';
import { decideFeed, type FeedAccess } from '../viewers/feed-access.ts';
import type { Player } from './player-store.ts';

/** What a player may have, as its grant says it. */
type Opened = Extract<FeedAccess, { allow: true }>;
export type Granted = Opened['granted'];

/** The person behind a session as of now; undefined when the session is over. Throws while the store is away. */
export type PersonOf = (sessionId: string) => Promise<Person | undefined>;

interface PlayerRightsOptions {
  registry: Pick<Registry, 'feed'>;
  view: Pick<LiveView, 'area' | 'flagsOf'>;
  purposes: Pick<PurposeStore, 'byClass'>;
  personOf: PersonOf;
}

/** Asks the policy for players. */
export class PlayerRights {
  readonly #options: PlayerRightsOptions;

  constructor(options: PlayerRightsOptions) {
    this.#options = options;
  }

  /** Asks policy as of now, and what its session opens areas for. @throws VartaError what policy refuses with. */
  async grant(person: Person, { sessionId, feedId }: Pick<Player, 'sessionId' | 'feedId'>): Promise<Opened> {
    const { registry, view, purposes } = this.#options;
    const stated = await purposes.byClass(sessionId);
    const access = decideFeed(person, feedId, {
      registry,
      area: (areaId) => view.area(areaId),
      purposeOf: (area) => purposeOf(area, { flags: view, stated }),
    });
    if (!access.allow) throw new VartaError(access.code, access.reason);
    return access;
  }

  /** Asks session and policy as of now. @throws VartaError what they refuse with. */
  async authorise(player: Player, personOf = this.#options.personOf): Promise<Granted> {
    const person = await personOf(player.sessionId);
    if (!person) throw new VartaError('unauthenticated');
    return (await this.grant(person, player)).granted;
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
