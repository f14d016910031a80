import type { FeedId, RegionId } from '#contract/ids.ts';
import { type AuditLog, toAuditActor } from '../../audit/audit.ts';
import type { Now } from '../ports.ts';
import { toViewingDrafts, type ViewingNote } from '../viewings/viewing-drafts.ts';
import type { EndedPlayer, PlayerStore } from './player-store.ts';

interface PlayerViewingsOptions {
  store: Pick<PlayerStore, 'claimEnded' | 'dropEnded'>;
  audit: Pick<AuditLog, 'append'>;
  regionOf(feedId: FeedId): RegionId | undefined;
  now: Now;
}

/**
 * Records viewings of players that have ended. They wait in Redis until they are in the audit, so that none is lost with
 * a replica; one that dies between the two leaves an entry that is written twice.
 */
export class PlayerViewings {
  readonly #options: PlayerViewingsOptions;

  constructor(options: PlayerViewingsOptions) {
    this.#options = options;
  }

  /** Called about once a second. Rejects when the audit cannot be reached; then they are offered again in a while. */
  async tick(): Promise<void> {
    const { store, audit, now } = this.#options;
    const ended = await store.claimEnded(now());
    const written = await Promise.allSettled(
      toViewingDrafts(ended.flatMap((one) => this.#toNote(one))).map(async ({ regionId, draft, notes }) => {
        await audit.append(regionId, draft);
        const viewers = new Set(notes.map(({ viewerId }) => viewerId));
        await store.dropEnded(ended.filter(({ player }) => viewers.has(player.viewerId)));
      }),
    );
    const failed = written.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  #toNote({ player, toMs }: EndedPlayer): ViewingNote[] {
    const { viewerId, feedId, person, purpose, startedAtMs: fromMs } = player;
    const regionId = this.#options.regionOf(feedId);
    if (regionId === undefined) return [];
    return [{ kind: 'end', actor: toAuditActor(person), viewerId, feedId, regionId, fromMs, toMs, purpose }];
  }
}
