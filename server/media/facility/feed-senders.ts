import type { FeedDemand } from '#contract/facility-link.ts';
import type { FeedId } from '#contract/ids.ts';

/** From which connection of equipment the media of each feed come, as far as is known: whom a node took last. */
export class FeedSenders<Equipment> {
  readonly #senders = new Map<FeedId, { equipment: Equipment; demand: FeedDemand }>();

  /** A node has taken how the equipment sends what this demand asks for. */
  note(equipment: Equipment, demand: FeedDemand): void {
    this.#senders.set(demand.feedId, { equipment, demand });
  }

  /** Nobody wants the feed any more. */
  forget(feedId: FeedId): void {
    this.#senders.delete(feedId);
  }

  /** The equipment is gone. */
  forgetAll(equipment: Equipment): void {
    for (const [feedId, sender] of this.#senders)
      if (sender.equipment === equipment) this.#senders.delete(feedId);
  }

  /**
   * What equipment sends, or may send, given what it is asked for. Not what a node gets from another connection by now;
   * but also what somebody else has been asked for since, as long as no node takes it from there.
   */
  sentBy(equipment: Equipment, asked: Iterable<FeedDemand>): FeedDemand[] {
    const taken = [...this.#senders.values()].filter((sender) => sender.equipment === equipment);
    const untaken = [...asked].filter(({ feedId }) => !this.#senders.has(feedId));
    return [...taken.map(({ demand }) => demand), ...untaken];
  }
}
