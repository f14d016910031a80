import type { FeedId } from '#contract/ids.ts';
import type { ConsumersClosed, MediaMove } from '#contract/media.ts';
import { createAgenda } from './agenda.ts';
import { type Claim, type ClaimRequest, createClaims, type FeedMedia } from './claims.ts';
import type { FeedWant } from './feed-plan.ts';
import type { MediaSignal } from './media-signal.ts';
import { createMeter } from './meter.ts';
import type { CreateReceiver } from './receiver.ts';
import { createTileShares } from './tile-shares.ts';
import { createTransports } from './transports.ts';

export interface MediaEngine extends Disposable {
  claim(request: ClaimRequest, onMedia: (media: FeedMedia) => void): Claim;
  /** Whether the page can be seen at all. */
  setPageVisible(visible: boolean): void;
  handleOpen(): void;
  handleLost(): void;
  handleConsumersClosed(closed: ConsumersClosed): void;
  handleViewerClosed(): void;
  handleAvailable(feedId: FeedId): void;
  handleMove(move: MediaMove): void;
}

interface Ports {
  signal: MediaSignal;
  createReceiver: CreateReceiver;
  /** The server says that this feed's packets come in. */
  isLive(feedId: FeedId): boolean;
  monotonicMs(): number;
  random(): number;
}

/**
 * Brings together what the tiles want, what the network has room for, and what the node gives. Whenever something changed,
 * everything is compared once at the end of the turn, and the difference goes out as one message of each kind: a page of
 * tiles is one request.
 */
export function createMediaEngine({
  signal,
  createReceiver,
  isLive,
  monotonicMs,
  random,
}: Ports): MediaEngine {
  const claims = createClaims();
  const shares = createTileShares();
  let pageVisible = true;

  const agenda = createAgenda({ run: reconcile, monotonicMs });
  const transports = createTransports({
    signal,
    createReceiver,
    claims,
    agenda,
    wants: affordable,
    onChange: tell,
    isSilent: () => meter.isSilent(),
    monotonicMs,
    random,
  });
  const meter = createMeter({
    // While two transports carry the same pictures, neither says anything of the network.
    receiver: transports.soleReceiver,
    links: transports.links,
    isLive,
    monotonicMs,
    onReading(reading) {
      if (shares.take(reading, claims.wants(pageVisible))) agenda.soon();
    },
    onSilent: (transportId) => void signal.silent(transportId),
  });

  function mediaOf(feedId: FeedId): FeedMedia {
    const media = transports.mediaOf(feedId);
    const isOnItsWay = media.state === 'held' || media.state === 'asked';
    return isOnItsWay && shares.isStill(feedId) ? { ...media, thin: true } : media;
  }

  function tell(feedId: FeedId): void {
    claims.tell(feedId, mediaOf(feedId));
  }

  function affordable(): Map<FeedId, FeedWant> {
    return shares.afford(claims.wants(pageVisible), tell);
  }

  function reconcile(): void {
    if (claims.size === 0) meter.stop();
    else {
      meter.start();
      transports.need();
    }
    transports.reconcile(affordable());
  }

  return {
    claim(request, onMedia) {
      const { feedId } = request;
      const entry = claims.add(request, onMedia);
      onMedia(mediaOf(feedId));
      agenda.soon();
      return {
        update(change) {
          Object.assign(entry.request, change);
          agenda.soon();
        },
        nudge: () => transports.tryNow(feedId),
        paints(track) {
          entry.painted = track;
          transports.handlePaint();
        },
        release() {
          claims.remove(entry);
          agenda.soon();
        },
      };
    },
    setPageVisible(visible) {
      pageVisible = visible;
      agenda.soon();
    },
    handleOpen: transports.handleOpen,
    handleLost: transports.handleLost,
    handleConsumersClosed: transports.handleConsumersClosed,
    handleViewerClosed: transports.handleViewerClosed,
    handleAvailable: transports.tryNow,
    handleMove: transports.handleMove,
    [Symbol.dispose]() {
      agenda[Symbol.dispose]();
      meter[Symbol.dispose]();
      claims.clear();
      transports[Symbol.dispose]();
    },
  };
}
