import { type FeedDemand, type FeedSending, HELD_AGAIN_MS } from '#contract/facility-link.ts';
import type { EdgeFault } from '#contract/feeds.ts';
import type { FeedId } from '#contract/ids.ts';
import { USUAL_IMPORTANCE } from '#contract/importance.ts';
import type { Layer } from '#contract/nation.ts';
import type { Camera, CameraInput } from './camera.ts';
import type { LayerTotals } from './layer-rates.ts';
import { type SrtpDemand, Uplink } from './uplink.ts';
import type { RoomTaker, UplinkRoom } from './uplink-room.ts';

/** What could not be had or said is tried again after this time, doubled each time up to the bound. Milliseconds. */
const RETRY_MIN_MS = 250;
const RETRY_MAX_MS = 5_000;
/** The same for what the node does not take yet: it is up to 2.5 s until it knows that who sent before is gone. */
const SAY_AGAIN_MAX_MS = 1_000;
/**
 * Where a feed goes to another node, it goes to the former one as well for so long: pages there change over when they see
 * the new picture (milliseconds).
 */
const OVERLAP_MS = 3_000;

/** How saying something ended: the node knows, it does not want to know, or nobody could be told. */
export type Said = 'heard' | 'refused' | 'unheard';

export interface FeedUplinkOptions {
  camera: Camera;
  /** Address to send from. */
  ip: string;
  /** Tells the node how the feed is sent. Never rejects, and ends within seconds. */
  say(sending: FeedSending): Promise<Said>;
  /** Divides an uplink that has not room for everything. @default there is room for everything */
  room?: Pick<UplinkRoom, 'shareOf' | 'refresh'> | undefined;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  /** Milliseconds, any clock. */
  now: () => number;
}

/**
 * One feed of the edge: does what the last demand says, and nothing without one. Whatever breaks on the way is opened
 * again for as long as the demand stands.
 */
export class FeedUplink implements AsyncDisposable, RoomTaker {
  readonly feedId: FeedId;
  readonly layers: readonly Layer[];
  readonly #options: FeedUplinkOptions;
  #demand: FeedDemand | undefined;
  /** What is taken in of the camera, for the uplink and the one that is left. */
  #input: CameraInput | undefined;
  #uplink: Uplink | undefined;
  /** To the node that had the feed before, for a moment. */
  #former: { uplink: Uplink; ending: NodeJS.Timeout } | undefined;
  /** How the feed was sent last, and what that has to do with how it is sent now. */
  #before: FeedSending | undefined;
  #succession: Pick<FeedSending, 'insteadOf'> | undefined;
  /** What the node has heard, and when: how this uplink sends, and what is wrong with it or its camera. */
  #told: { uplink: Uplink; faults: readonly EdgeFault[]; atMs: number } | undefined;
  #saying: Uplink | undefined;
  #settling: Promise<void> | undefined;
  #isStale = false;
  #failures = 0;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: FeedUplinkOptions) {
    this.feedId = options.camera.feedId;
    this.layers = options.camera.layers;
    this.#options = options;
    options.camera.onFaults?.(() => {
      if (this.#uplink) this.#say();
    });
  }

  get isDemanded(): boolean {
    return this.#demand !== undefined;
  }

  get uplink(): Uplink | undefined {
    return this.#uplink;
  }

  get wish(): RoomTaker['wish'] {
    if (!isSrtp(this.#demand)) return undefined;
    return { importance: this.#demand.importance ?? USUAL_IMPORTANCE, wanted: wantedBy(this.#demand) };
  }

  get crossing(): readonly Layer[] {
    return this.#uplink?.closed === false ? this.#uplink.crossing : [];
  }

  async received(): Promise<ReadonlyMap<Layer, LayerTotals>> {
    // It may be closed while it is asked.
    return (await this.#uplink?.received().catch(() => undefined)) ?? new Map();
  }

  handleDemand(demand: FeedDemand): void {
    this.#demand = demand;
    this.#failures = 0;
    this.#options.room?.refresh();
    this.#settle();
  }

  handleRelease(): void {
    this.#demand = undefined;
    this.#options.room?.refresh();
    this.#settle();
  }

  /** Its part of the uplink is another one now. */
  handleShare(): void {
    this.#settle();
  }

  /** The node may not know any more what it was told. */
  handleConnected(): void {
    this.#told = undefined;
  }

  /** Called every second or so: the node believes only for a while that nothing comes on purpose. */
  handleTime(): void {
    const told = this.#told;
    if (!told?.faults.includes('uplink-cut') || this.#options.now() - told.atMs < HELD_AGAIN_MS) return;
    this.#told = undefined;
    this.#say();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#demand = undefined;
    clearTimeout(this.#retry);
    await this.#settling;
    this.#close();
  }

  /** One thing after another; what changes meanwhile is looked at afterwards. */
  #settle(): void {
    clearTimeout(this.#retry);
    this.#isStale = true;
    this.#settling ??= this.#settleAll();
  }

  async #settleAll(): Promise<void> {
    while (this.#isStale) {
      this.#isStale = false;
      try {
        await this.#follow(this.#demand);
      } catch (error) {
        const { message } = error as Error;
        this.#options.log.warn({ feedId: this.feedId, error: message }, 'a feed cannot be sent');
        this.#tryAgain();
      }
    }
    // In the same breath as the last look: what changes from now on is looked at by the next one.
    this.#settling = undefined;
  }

  async #follow(demand: FeedDemand | undefined): Promise<void> {
    if (!isSrtp(demand)) {
      // Nothing leaves the facility unencrypted.
      this.#close();
      return;
    }
    const present = this.#uplink;
    if (!present || present.closed || present.transportId !== demand.srtp.transportId) {
      this.#leave(demand);
      await this.#open(demand);
    }
    if (this.#closed) return;
    await this.#want(this.#share(demand));
    this.#say();
  }

  /** The layers that are sent: those that are wanted, or what there is room for. */
  #share(demand: FeedDemand): readonly Layer[] {
    return this.#options.room?.shareOf(this.feedId) ?? wantedBy(demand);
  }

  /** What the node is told is wrong: with the camera, and that there is less than is wanted. */
  #faults(): EdgeFault[] {
    const faults: EdgeFault[] = [...(this.#options.camera.faults ?? [])];
    const wanted = this.#demand ? wantedBy(this.#demand).filter((layer) => this.layers.includes(layer)) : [];
    const share = this.#demand ? this.#share(this.#demand) : [];
    if (wanted.every((layer) => share.includes(layer))) return faults;
    return [...faults, share.length === 0 ? 'uplink-cut' : 'uplink-thin'];
  }

  /** Sends these layers; of the camera also what the former node still gets. */
  async #want(layers: readonly Layer[]): Promise<void> {
    const former = this.#former?.uplink.crossing ?? [];
    this.#input?.want(this.layers.filter((layer) => layers.includes(layer) || former.includes(layer)));
    await this.#uplink?.want(layers);
  }

  /** Makes room for another uplink. The one to another node goes on for a moment, where there is room for both. */
  #leave(demand: SrtpDemand): void {
    const uplink = this.#uplink;
    this.#uplink = undefined;
    this.#told = undefined;
    this.#endFormer();
    if (!uplink || uplink.closed) this.#close();
    else if (uplink.nodeId === demand.nodeId || this.#options.room) uplink.close();
    else this.#keepAWhile(uplink);
  }

  #keepAWhile(uplink: Uplink): void {
    const ending = setTimeout(() => {
      this.#endFormer();
      this.#settle();
    }, OVERLAP_MS);
    this.#former = { uplink, ending };
  }

  #endFormer(): void {
    clearTimeout(this.#former?.ending);
    this.#former?.uplink.close();
    this.#former = undefined;
  }

  async #open(demand: SrtpDemand): Promise<void> {
    const { camera, ip, log } = this.#options;
    this.#input ??= await camera.open();
    const uplink = await Uplink.open({ input: this.#input, demand, ip }).catch((error: unknown) => {
      this.#close();
      throw error;
    });
    // Its worker or its camera's port is gone, and with it all that goes out of there.
    uplink.onBroken(() => {
      if (this.#uplink !== uplink) return;
      log.warn({ feedId: this.feedId }, 'an uplink broke; it is opened again');
      this.#close();
      this.#tryAgain();
    });
    this.#uplink = uplink;
    this.#succession = this.#before && toSuccession(this.#before, uplink.sending);
    this.#before = uplink.sending;
    log.info({ feedId: this.feedId, target: demand.target, nodeId: demand.nodeId }, 'a feed is wanted');
  }

  /**
   * Says how the feed is sent until the node has heard it; media need not wait for that. A node that is dying and does
   * not answer holds up nothing that is said to the next one.
   */
  #say(): void {
    const uplink = this.#uplink;
    const faults = this.#faults();
    if (!uplink || this.#saying === uplink) return;
    if (this.#told?.uplink === uplink && this.#told.faults.join() === faults.join()) return;
    this.#saying = uplink;
    const sending = { ...uplink.sending, ...this.#succession, ...(faults.length > 0 ? { faults } : {}) };
    void this.#options.say(sending).then((said) => {
      if (this.#saying === uplink) this.#saying = undefined;
      if (this.#uplink !== uplink) return;
      if (said === 'unheard') this.#tryAgain(SAY_AGAIN_MAX_MS);
      else this.#told = { uplink, faults, atMs: this.#options.now() };
      if (said === 'heard') this.#failures = 0;
      // They may have changed meanwhile.
      if (said !== 'unheard') this.#say();
    });
  }

  #tryAgain(maxMs = RETRY_MAX_MS): void {
    if (this.#closed || !this.#demand) return;
    clearTimeout(this.#retry);
    const pauseMs = Math.min(maxMs, RETRY_MIN_MS * 2 ** this.#failures);
    this.#failures += 1;
    this.#retry = setTimeout(() => this.#settle(), pauseMs);
  }

  #close(): void {
    const uplink = this.#uplink;
    this.#uplink = undefined;
    this.#told = undefined;
    this.#endFormer();
    this.#input?.close();
    this.#input = undefined;
    if (!uplink) return;
    uplink.close();
    this.#options.log.info({ feedId: this.feedId }, 'a feed is not sent any more');
  }
}

/** A transport takes one sender in its life: to the same one it is said whom the new one follows. */
function toSuccession(before: FeedSending, now: FeedSending): Pick<FeedSending, 'insteadOf'> {
  return before.transportId === now.transportId ? { insteadOf: before.srtp.keyBase64 } : {};
}

function wantedBy({ layers }: FeedDemand): Layer[] {
  return layers.flatMap(({ layer, wanted }) => (wanted ? [layer] : []));
}

function isSrtp(demand: FeedDemand | undefined): demand is SrtpDemand {
  return demand?.srtp !== undefined;
}
