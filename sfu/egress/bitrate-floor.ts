import type { WebRtcTransport } from 'mediasoup/types';

/**
 * What a transport is believed to carry until it has been measured, in bits per second: a wall of 64 tiles and a few
 * large ones at once, on a local network.
 */
export const INITIAL_OUTGOING_BITRATE_BPS = 40_000_000;
/**
 * What each running tile gets at least, however little the network seems to carry: the lowest layer. Estimates drop to
 * next to nothing when a page's machine is busy, and without a floor mediasoup would then send most tiles nothing at
 * all. Bandwidth pressure may take the high layer away, never the picture.
 */
const FLOOR_PER_TILE_BPS = 500_000;

/** Keeps a transport's estimate above what its running tiles need at least. */
export class BitrateFloor {
  readonly #transport: Pick<WebRtcTransport, 'setMinOutgoingBitrate'>;
  #floorBps = 0;

  constructor(transport: Pick<WebRtcTransport, 'setMinOutgoingBitrate'>) {
    this.#transport = transport;
  }

  /** So many tiles run now. */
  adjust(runningTiles: number): void {
    const floorBps = Math.min(runningTiles * FLOOR_PER_TILE_BPS, INITIAL_OUTGOING_BITRATE_BPS);
    if (floorBps === this.#floorBps) return;
    this.#floorBps = floorBps;
    // Fails only together with its worker, and then there is nothing to adjust.
    this.#transport.setMinOutgoingBitrate(floorBps).catch(() => undefined);
  }
}
