import type { Namespace, Server, Socket } from 'socket.io';
import { VartaError } from '#contract/errors.ts';
import { FACILITY_MESSAGES, FeedDemand, FeedSending } from '#contract/facility-link.ts';
import type { FeedId, NodeId } from '#contract/ids.ts';
import { DemandNews, SFU_KEYS } from '#contract/registry.ts';
import type { Redis } from '../../adapters/redis/connect.ts';
import { toEdgeError } from '../../adapters/redis/store-errors.ts';
import { refuseHandshake } from '../../adapters/socket/handshake.ts';
import { createMessageBudget } from '../../adapters/socket/message-budget.ts';
import { guardMessages, onMessage } from '../../adapters/socket/on-message.ts';
import { boundUnread } from '../../adapters/socket/unread.ts';
import { type Attacks, type AuditLog, toAuditActor } from '../../audit/audit.ts';
import { type Repeated, repeat } from '../../concurrency/repeat.ts';
import type { Registry } from '../../nation/registry.ts';
import type { Log, Now } from '../ports.ts';
import { ConnectedEquipment, type Equipment } from './equipment.ts';
import { type AuthenticateFacility, admitEquipment } from './facility-handshake.ts';
import { FeedSenders } from './feed-senders.ts';
import type { RevokedKey } from './revoked-keys.ts';
import type { RelaySending, StopEquipment } from './sending-relay.ts';
import { fits, isNewer, toStandingDemands, toUpdate } from './standing-demands.ts';

/** How often all demands are compared with what was said, for news that got lost and nodes that died. */
const RECONCILE_MS = 2_000;
/** Demands that wait for equipment that does not read: five of each of its feeds. */
const MAX_UNREAD_MESSAGES = 1_000;
/** What equipment says of how it sends: all of its feeds at once, and then each every 5 s at most. */
const SENDINGS = { perSecond: 60, burst: 400 };

interface FacilityLinksOptions {
  io: Server;
  redis: Redis;
  registry: Pick<Registry, 'feed'>;
  authenticateFacility: AuthenticateFacility;
  /** Nodes whose demands count. */
  nodeIds(): Iterable<NodeId>;
  relaySending: RelaySending;
  /** Tells the other replicas which feeds have their equipment here, every {@link RECONCILE_MS} and at changes. May reject. */
  tellPresence(feedIds: Iterable<FeedId>): Promise<void>;
  stopEquipment: StopEquipment;
  auditRefusal: AuditLog['auditRefusal'];
  auditAttack: Attacks['auditAttack'];
  log: Log;
  now: Now;
}

/** The `/facility` namespace: tells equipment that sends video on demand what is wanted of it. */
export class FacilityLinks implements AsyncDisposable {
  readonly #options: FacilityLinksOptions;
  readonly #namespace: Namespace;
  readonly #connected = new ConnectedEquipment();
  readonly #senders = new FeedSenders<Equipment>();
  readonly #reconciling: Repeated;
  #nodeNames = '';

  constructor(options: FacilityLinksOptions) {
    this.#options = options;
    this.#namespace = options.io.of('/facility');
    this.#namespace.use((socket, next) => void this.#admit(socket, next));
    this.#namespace.on('connection', (socket) => this.#handleConnection(socket));
    this.#reconciling = repeat(() => this.#reconcile(), {
      everyMs: RECONCILE_MS,
      onError: (error) => options.log.warn({ err: error }, 'facilities not compared with what is wanted'),
    });
  }

  /** A message of the channel of demands. */
  handleNews(message: string): void {
    const news = parseNews(message);
    if (!news) {
      this.#options.log.warn({}, 'unreadable news of a demand');
      return;
    }
    // A node that releases a feed does not know whether another one wants it: the hashes tell.
    if (news.kind === 'release') {
      if (this.#connected.serverOf(news.release.feedId)) this.#reconciling.soon();
      return;
    }
    const equipment = this.#connected.serverOf(news.demand.feedId);
    if (equipment && isNewer(news.demand, equipment.told.get(news.demand.feedId)))
      this.#demand(equipment, news.demand);
  }

  /** The keys that connected equipment has shown. */
  shownKeys(): readonly RevokedKey[] {
    return this.#connected.shownKeys;
  }

  /** Ends the connections that were opened with a key, and has nodes take nothing more from there. */
  endKey(key: RevokedKey): void {
    const ended = this.#connected.ofKey(key);
    // Before they are gone: with them goes what is known of them.
    const sent = ended.flatMap((equipment) =>
      this.#senders.sentBy(
        equipment,
        Array.from(equipment.told.values(), ({ demand }) => demand),
      ),
    );
    for (const equipment of ended) equipment.socket.disconnect(true);
    for (const demand of sent) this.#stop(demand);
  }

  #stop({ feedId, nodeId }: FeedDemand): void {
    if (nodeId === undefined) return;
    this.#options.stopEquipment({ nodeId, feedId }).catch((error: unknown) => {
      this.#options.log.warn({ err: error, feedId, nodeId }, 'node not told that a key is revoked');
    });
  }

  /** Nodes came or went: what stands may be different. */
  handleNodes(nodeIds: Iterable<NodeId>): void {
    const names = [...nodeIds].sort().join();
    if (names === this.#nodeNames) return;
    this.#nodeNames = names;
    this.#reconciling.soon();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reconciling[Symbol.asyncDispose]();
    this.#namespace.removeAllListeners();
  }

  async #admit(socket: Socket, next: (error?: Error) => void): Promise<void> {
    try {
      socket.data = await admitEquipment(socket.handshake.auth, this.#options);
      next();
    } catch (thrown) {
      const { code, message } = toEdgeError(thrown);
      if (code === 'internal') this.#options.log.error({ err: thrown }, 'handshake of a facility failed');
      else this.#options.log.info({ code, reason: message }, 'equipment of a facility refused');
      // Nobody has a key that is none, or another facility's, by mistake for long.
      if (code === 'bad_facility_key' || code === 'wrong_facility')
        this.#options.auditRefusal({
          principal: { kind: 'anonymous' },
          action: 'feed.publish',
          resource: { kind: 'any' },
          code,
        });
      next(refuseHandshake(code));
    }
  }

  #handleConnection(socket: Socket): void {
    const { principal, feeds, media } = socket.data as Pick<Equipment, 'principal' | 'feeds' | 'media'>;
    const { facilityId } = principal;
    const equipment: Equipment = {
      socket,
      principal,
      facilityId,
      feeds,
      media,
      isNoted: false,
      told: new Map(),
    };
    this.#listen(equipment);
    this.#connected.add(equipment);
    socket.once('disconnect', (reason) => this.#handleDisconnect(equipment, reason));
    this.#options.log.info({ facilityId, feeds: feeds.size, media }, 'equipment of a facility connected');
    this.#reconciling.soon();
  }

  /** Plain equipment listens and has nothing to say; the rest says how it sends. */
  #listen(equipment: Equipment): void {
    const { socket, facilityId } = equipment;
    const { now, log, auditAttack } = this.#options;
    const budget = createMessageBudget({ ...SENDINGS, nowMs: now() });
    guardMessages(socket, {
      principal: () => equipment.principal,
      hasBudget: () => equipment.media === 'srtp' && budget.take(now()),
      onRefused: (code) => log.debug({ facilityId, code }, 'message of a facility refused'),
      onAttack: (attack) =>
        auditAttack({
          ...attack,
          actor: toAuditActor(equipment.principal),
          from: socket.handshake.address,
          resource: 'any',
        }),
    });
    boundUnread(socket.conn, MAX_UNREAD_MESSAGES, () => socket.conn.close(true));
    onMessage(
      socket,
      {
        name: FACILITY_MESSAGES.sending,
        schema: FeedSending,
        handle: (sending) => this.#handleSending(equipment, sending),
      },
      (error) => log.error({ err: error, facilityId }, 'sending of a facility not passed on'),
    );
  }

  /** Only who serves a feed is believed, and only about what it was told. */
  async #handleSending(equipment: Equipment, sending: FeedSending): Promise<void> {
    const { feedId, transportId } = sending;
    const isServer = this.#connected.isServer(equipment, feedId);
    const demand = isServer ? equipment.told.get(feedId)?.demand : undefined;
    if (!demand?.nodeId || demand.srtp?.transportId !== transportId)
      throw new VartaError('unknown_resource', 'No such demand stands');
    await this.#options.relaySending({ nodeId: demand.nodeId, feedId }, sending);
    if (this.#connected.has(equipment)) this.#senders.note(equipment, demand);
  }

  #handleDisconnect(equipment: Equipment, reason: string): void {
    this.#connected.remove(equipment);
    this.#senders.forgetAll(equipment);
    this.#options.log.info(
      { facilityId: equipment.facilityId, reason },
      'equipment of a facility disconnected',
    );
    this.#reconciling.soon();
  }

  async #reconcile(): Promise<void> {
    const { redis, tellPresence, now } = this.#options;
    await tellPresence(this.#connected.feedIds);
    if (this.#connected.size === 0) return;
    await this.#note();
    const readAtMs = now();
    const hashes = await Promise.all(
      Array.from(this.#options.nodeIds(), (nodeId) => redis.hGetAll(SFU_KEYS.demands(nodeId))),
    );
    const standing = toStandingDemands(hashes.flatMap((hash) => Object.values(hash).flatMap(parseDemand)));
    for (const equipment of this.#connected) {
      for (const feedId of equipment.feeds) {
        const isServer = this.#connected.isServer(equipment, feedId);
        const wanted = isServer ? standing.get(feedId) : undefined;
        const update = toUpdate(equipment.told.get(feedId), wanted, readAtMs);
        if (update?.kind === 'demand') this.#demand(equipment, update.demand);
        else if (update) this.#release(equipment, feedId);
      }
    }
  }

  /** Notes for the nodes how the equipment sends that has come. */
  async #note(): Promise<void> {
    for (const equipment of this.#connected) {
      if (equipment.isNoted) continue;
      const feeds = [...equipment.feeds].filter((feedId) => this.#connected.isServer(equipment, feedId));
      if (feeds.length === 0) continue;
      if (equipment.media === 'srtp') await this.#options.redis.sAdd(SFU_KEYS.secured, feeds);
      else await this.#options.redis.sRem(SFU_KEYS.secured, feeds);
      equipment.isNoted = true;
    }
  }

  #demand(equipment: Equipment, demand: FeedDemand): void {
    // A node can only ask for what the registry says is this facility's.
    if (demand.facilityId !== equipment.facilityId) return;
    equipment.told.set(demand.feedId, { demand, atMs: this.#options.now() });
    if (fits(demand, equipment.media)) equipment.socket.emit(FACILITY_MESSAGES.demand, demand);
    else this.#refuse(equipment, demand);
  }

  /** The node opened the wrong kind of port. One for plain RTP it opens by itself when it is asked the next time. */
  #refuse({ media, told }: Equipment, demand: FeedDemand): void {
    const { feedId, nodeId } = demand;
    const { log } = this.#options;
    log.info({ feedId, nodeId, media }, 'demand does not fit how the equipment sends');
    if (media !== 'srtp' || nodeId === undefined) return;
    this.#options.relaySending({ nodeId, feedId }, null).catch((error: unknown) => {
      log.warn({ err: error, feedId, nodeId }, 'node not told that a feed comes by SRTP');
      // So that it is tried again.
      if (told.get(feedId)?.demand === demand) told.delete(feedId);
    });
  }

  #release(equipment: Equipment, feedId: FeedId): void {
    equipment.told.delete(feedId);
    // Nobody wants it any more; or somebody else is asked for it, and has to be taken first.
    if (this.#connected.isServer(equipment, feedId)) this.#senders.forget(feedId);
    const at = new Date(this.#options.now()).toISOString();
    equipment.socket.emit(FACILITY_MESSAGES.release, { feedId, facilityId: equipment.facilityId, at });
  }
}

function parseNews(message: string): DemandNews | undefined {
  try {
    return DemandNews.parse(JSON.parse(message));
  } catch {
    return undefined;
  }
}

function parseDemand(json: string): FeedDemand[] {
  try {
    return [FeedDemand.parse(JSON.parse(json))];
  } catch {
    return [];
  }
}
