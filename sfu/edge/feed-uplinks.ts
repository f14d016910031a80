import type { FeedDemand } from '#contract/facility-link.ts';
import type { FeedId } from '#contract/ids.ts';
import type { Camera } from './camera.ts';
import { FeedUplink, type FeedUplinkOptions } from './feed-uplink.ts';
import { type Contact, outdated } from './standing.ts';
import type { UplinkFigures } from './uplink.ts';
import { UplinkRoom } from './uplink-room.ts';

interface FeedUplinksOptions extends Omit<FeedUplinkOptions, 'camera' | 'room'> {
  cameras: readonly Camera[];
  /** What all feeds together may take of the uplink, in bits per second. @default as much as there is */
  maxBps?: number | undefined;
}

/** All feeds of the edge: passes on what the server says, and forgets what nobody stands by any more. */
export class FeedUplinks implements AsyncDisposable {
  readonly feedIds: readonly FeedId[];
  readonly #uplinks: ReadonlyMap<FeedId, FeedUplink>;
  readonly #options: FeedUplinksOptions;
  readonly #room: UplinkRoom | undefined;
  #contact: Contact;

  constructor(options: FeedUplinksOptions) {
    this.#options = options;
    const { cameras, maxBps } = options;
    const takers = () => this.#uplinks.values();
    this.#room = maxBps === undefined ? undefined : new UplinkRoom({ ...options, maxBps, takers });
    this.#uplinks = new Map(
      cameras.map((camera) => [camera.feedId, new FeedUplink({ ...options, camera, room: this.#room })]),
    );
    this.feedIds = [...this.#uplinks.keys()];
    this.#contact = { connected: false, since: options.now(), confirmed: new Set() };
  }

  handleConnected(): void {
    this.#contact = { connected: true, since: this.#options.now(), confirmed: new Set() };
    for (const uplink of this.#uplinks.values()) uplink.handleConnected();
  }

  handleDisconnected(): void {
    this.#contact = { connected: false, since: this.#options.now(), confirmed: new Set() };
  }

  handleDemand(demand: FeedDemand): void {
    this.#confirm(demand.feedId);
    const uplink = this.#uplinks.get(demand.feedId);
    if (uplink) uplink.handleDemand(demand);
    else this.#options.log.warn({ feedId: demand.feedId }, 'demand for a camera that is not here');
  }

  handleRelease(feedId: FeedId): void {
    this.#uplinks.get(feedId)?.handleRelease();
  }

  /** Called every second or so. */
  handleTime(): void {
    const demanded = this.feedIds.filter((feedId) => this.#uplinks.get(feedId)?.isDemanded);
    for (const feedId of outdated(demanded, this.#contact, this.#options.now())) {
      this.#options.log.info({ feedId }, 'nobody stands by this demand any more');
      this.handleRelease(feedId);
    }
    for (const uplink of this.#uplinks.values()) uplink.handleTime();
    void this.#room?.measure();
  }

  /** What was sent so far of each feed that is wanted now, since its demand names its present target. */
  async figures(): Promise<Map<FeedId, UplinkFigures>> {
    const figures = new Map<FeedId, UplinkFigures>();
    for (const [feedId, { uplink }] of this.#uplinks) {
      // It may be closed while it is asked.
      const sent = await uplink?.figures().catch(() => undefined);
      if (sent) figures.set(feedId, sent);
    }
    return figures;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(Array.from(this.#uplinks.values(), (uplink) => uplink[Symbol.asyncDispose]()));
  }

  #confirm(feedId: FeedId): void {
    this.#contact = { ...this.#contact, confirmed: new Set([...this.#contact.confirmed, feedId]) };
  }
}
