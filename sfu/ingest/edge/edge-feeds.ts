import { VartaError } from '#contract/errors.ts';
import type { FeedSending } from '#contract/facility-link.ts';
import type { GrantedFeed } from '#contract/grants.ts';
import type { FeedId, NodeId } from '#contract/ids.ts';
import type { FeedReport } from '#contract/registry.ts';
import { KeyedQueue } from '../../concurrency/keyed-queue.ts';
import type { ListenAddress } from '../../workers/addresses.ts';
import type { MediaWorker } from '../../workers/media-worker.ts';
import type { Source } from '../source.ts';
import { type DemandNews, EdgeDemands } from './edge-demands.ts';
import { RestingPorts } from './resting-ports.ts';
import { RtpSource } from './rtp-source.ts';
import { SrtpPort } from './srtp-port.ts';
import { SrtpSource } from './srtp-source.ts';

/** Who asks for a feed waits no longer than this for its edge to answer: a page asks for a wall of feeds at once. */
export const ANSWER_WITHIN_MS = 1_500;
/** A port whose edge does not answer is kept for this long after it was last asked for; pages ask every 10 s. */
export const KEEP_ASKING_MS = 30_000;

export interface EdgeFeedsOptions {
  nodeId: NodeId;
  listen: ListenAddress;
  news: DemandNews & {
    report(report: Omit<FeedReport, 'nodeId'>): void;
    /** The feed can be had now, by whoever was refused before. */
    available(feedId: FeedId): void;
  };
  /** Whether the feed's equipment sends SRTP, as far as is known. May reject. */
  isSecured(feedId: FeedId): Promise<boolean>;
  /** A feed that has a source has another one ready, which is the one that its equipment sends to now. */
  onSuccessor(feedId: FeedId): void;
  /** What comes to the port of a feed is not the feed, and nothing else will be heard there. */
  onStranger(feedId: FeedId): void;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  /** Milliseconds since 1970. */
  now: () => number;
}

interface Asked {
  port: SrtpPort;
  /** How many wait for its source now. */
  waiting: number;
  /** The servers were told that nothing comes. */
  isToldLost: boolean;
  expiry: NodeJS.Timeout | undefined;
}

/** Feeds that facilities' equipment sends on demand: plain RTP, or SRTP from an edge, as the equipment says. */
export class EdgeFeeds implements Disposable {
  readonly #options: EdgeFeedsOptions;
  readonly #demands: EdgeDemands;
  /** Ports of edges that nobody has taken as source yet. */
  readonly #asked = new Map<FeedId, Asked>();
  /** The sources that were given out last, until they close. */
  readonly #sources = new Map<FeedId, RtpSource | SrtpSource>();
  readonly #opening = new KeyedQueue();
  readonly #resting: RestingPorts;
  #closed = false;

  constructor(options: EdgeFeedsOptions) {
    this.#options = options;
    this.#demands = new EdgeDemands(options);
    this.#resting = new RestingPorts(options.now);
  }

  /**
   * Opens a feed. Of one whose edge does not answer in time, it goes on being asked for, and its being there is
   * announced as soon as it is.
   *
   * @throws VartaError `feed_not_live` when its edge does not answer, `limit_reached`.
   */
  async open(feed: GrantedFeed, worker: MediaWorker): Promise<Source> {
    const isSecured = await this.#options.isSecured(feed.id).catch(() => this.#asked.has(feed.id));
    const source = isSecured ? await this.#awaitSender(feed, worker) : await this.#openPlain(feed, worker);
    const { observer } = source.producer;
    observer.once('close', () => {
      if (this.#sources.get(feed.id) === source) this.#sources.delete(feed.id);
    });
    this.#sources.set(feed.id, source);
    return source;
  }

  /**
   * An edge says how it sends a feed; null: equipment that was asked for plain RTP sends SRTP.
   *
   * @throws VartaError `unknown_resource` when nothing here waits for it, `feed_busy` while another one sends it,
   * `invalid`, `codec_unsupported`.
   */
  async handleSending(feed: GrantedFeed, sending: FeedSending | null): Promise<void> {
    const source = this.#sources.get(feed.id);
    if (!sending) {
      if (!(source instanceof RtpSource)) return;
      // Who uses it asks again, and then SRTP is what is asked for.
      source.hangUp();
      this.#options.news.available(feed.id);
      return;
    }
    const asked = this.#asked.get(feed.id);
    const ports = [asked?.port, source instanceof SrtpSource ? source.port : undefined];
    const port = ports.find((it) => it?.transportId === sending.transportId);
    if (!port) throw new VartaError('unknown_resource');
    if (!port.isTakenFrom(sending)) {
      if (asked?.port === port) await this.#connect(asked, sending);
      (await port.source).noteFaults(sending.faults ?? []);
      return;
    }
    // Two edges may answer each demand, for as long as they run. The second one has its turn when the first is silent.
    if (!port.isSucceededBy(sending) && !(await port.isDeserted())) throw new VartaError('feed_busy');
    // The edge has restarted: its old port cannot know its new key.
    if (this.#asked.get(feed.id) === undefined) await this.#askAnew(feed, port.worker);
  }

  /**
   * Its equipment may send no more: nothing that comes from there is taken from now on. Who watches asks anew, and other
   * equipment of the facility that may send gets a port and a key of its own.
   */
  handleStop(feedId: FeedId): void {
    this.handleGivenUp(feedId);
    const source = this.#sources.get(feedId);
    if (!source) return;
    if (source instanceof RtpSource) source.hangUp();
    else source.close();
    this.#options.log.info({ feedId }, 'what sends a feed may send no more');
    this.#options.news.available(feedId);
  }

  /**
   * The feed does not enter here any more. A port that was kept for it would be a trap: its edge sends elsewhere soon, and
   * who came back to this port would wait for an edge that has to be found deserted first.
   */
  handleGivenUp(feedId: FeedId): void {
    const asked = this.#asked.get(feedId);
    if (asked) this.#giveUp(asked);
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    for (const asked of [...this.#asked.values()]) this.#giveUp(asked);
  }

  async #openPlain(feed: GrantedFeed, worker: MediaWorker): Promise<RtpSource> {
    const asked = this.#asked.get(feed.id);
    if (asked) this.#giveUp(asked);
    const { listen, log, onStranger } = this.#options;
    return RtpSource.open(feed, worker, {
      listen,
      resting: this.#resting,
      demands: this.#demands,
      onStranger: (source) => {
        if (this.#sources.get(feed.id) !== source) return;
        log.warn({ feedId: feed.id }, 'somebody else sends to the port of this feed');
        onStranger(feed.id);
      },
    });
  }

  async #awaitSender(feed: GrantedFeed, worker: MediaWorker): Promise<SrtpSource> {
    const asked = await this.#ask(feed, worker);
    this.#keep(asked);
    asked.waiting += 1;
    const tooLate = Promise.withResolvers<never>();
    const timer = setTimeout(() => tooLate.reject(new VartaError('feed_not_live')), ANSWER_WITHIN_MS);
    try {
      const source = await Promise.race([asked.port.source, tooLate.promise]);
      this.#forget(asked);
      return source;
    } catch (error) {
      this.#tellLost(asked);
      throw error;
    } finally {
      clearTimeout(timer);
      asked.waiting -= 1;
    }
  }

  /** The port that waits for the feed's edge, a new one if there is none. */
  #ask(feed: GrantedFeed, worker: MediaWorker): Promise<Asked> {
    return this.#opening.run(feed.id, async () => {
      const present = this.#asked.get(feed.id);
      if (present && !present.port.closed) return present;
      const { listen, now } = this.#options;
      const port = await SrtpPort.open({
        ...{ feed, worker, now, listen },
        ...{ resting: this.#resting, demands: this.#demands },
      });
      const asked: Asked = { port, waiting: 0, isToldLost: present?.isToldLost ?? false, expiry: undefined };
      if (this.#closed) {
        port.close();
        throw new VartaError('shutting_down');
      }
      clearTimeout(present?.expiry);
      this.#asked.set(feed.id, asked);
      this.#keep(asked);
      return asked;
    });
  }

  /** Asks on another port, because somebody else is to send now than the one whose key the present one has. */
  async #askAnew(feed: GrantedFeed, worker: MediaWorker): Promise<void> {
    this.#options.log.info({ feedId: feed.id }, 'another sender: the feed is asked for anew');
    await this.#ask(feed, worker);
  }

  async #connect(asked: Asked, sending: FeedSending): Promise<void> {
    const { feed } = asked.port;
    await asked.port.connect(sending);
    this.#options.log.info({ feedId: feed.id, layers: sending.layers.length }, 'an edge sends a feed');
    // Who waits for it takes it.
    if (asked.waiting > 0 || this.#asked.get(feed.id) !== asked) return;
    if (this.#sources.has(feed.id)) this.#options.onSuccessor(feed.id);
    else this.#options.news.available(feed.id);
  }

  #keep(asked: Asked): void {
    clearTimeout(asked.expiry);
    asked.expiry = setTimeout(() => this.#giveUp(asked), KEEP_ASKING_MS);
  }

  #forget(asked: Asked): void {
    clearTimeout(asked.expiry);
    const { id } = asked.port.feed;
    if (this.#asked.get(id) === asked) this.#asked.delete(id);
  }

  #giveUp(asked: Asked): void {
    this.#forget(asked);
    asked.port.close();
    if (asked.isToldLost) this.#report(asked.port.feed, 'idle');
  }

  #tellLost(asked: Asked): void {
    const { feed } = asked.port;
    // While it has a source, that one's feed says how it is.
    if (asked.isToldLost || this.#sources.has(feed.id)) return;
    asked.isToldLost = true;
    this.#report(feed, 'lost');
  }

  #report({ id: feedId, facilityId, regionId }: GrantedFeed, state: FeedReport['state']): void {
    const at = new Date(this.#options.now()).toISOString();
    this.#options.news.report({ feedId, facilityId, regionId, state, layers: [], at });
  }
}
