import type { FeedId, NodeId } from '#contract/ids.ts';
import type { MediaJoined } from '#contract/media.ts';
import type { Having, MediaSignal } from './media-signal.ts';
import type { CreateReceiver, Receiver } from './receiver.ts';

type Joined = Extract<MediaJoined, { adopted: false }>;

/**
 * Where this page stands with its node. `kept`: the transport lives, but the connection to speak about it was lost, and
 * the server has not yet said that it may go on.
 */
type ViewerState =
  | { state: 'out' }
  | { state: 'joining' }
  | { state: 'waiting' }
  | { state: 'joined'; receiver: Receiver; nodeId: NodeId }
  | { state: 'kept'; receiver: Receiver; nodeId: NodeId };

interface Ports {
  signal: Pick<MediaSignal, 'join' | 'connect' | 'leave'>;
  createReceiver: CreateReceiver;
  random(): number;
  /** Feeds that the page holds consumers of and wants to keep. */
  heldFeeds(): FeedId[];
  /** A transport is there; `adopted`: the one from before, with what it carries. */
  onJoined(adopted: boolean): void;
  /** Another transport is there beside the one before, which its owner now is to let go. */
  onBeside(receiver: Receiver, before: Receiver): void;
  onBesideRefused(): void;
  /** The transport is gone, and all that it carried. */
  onGone(): void;
  /** A transport that is not in use any more has failed. */
  onFormerFailed(receiver: Receiver): void;
}

/** The page as a viewer: joins, comes back after a break with what it has, and rebuilds what failed. */
export interface Viewer extends Disposable {
  /** The transport that may be used now. */
  receiver(): Receiver | undefined;
  /** There is something to watch. */
  need(): void;
  handleOpen(): void;
  handleLost(): void;
  /** Media came through: earlier failures are forgotten. */
  handleWorking(): void;
  /** Takes another transport, and keeps the present one until the other is there. */
  moveBeside(): void;
  /** The transport cannot be used any more, whoever said so: make another one. */
  rebuild(): void;
}

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 10_000;
/** A transport whose adoption failed so often (other than by a broken connection) is given up. */
const MAX_ADOPTIONS = 4;

export function createViewer(ports: Ports): Viewer {
  let viewer: ViewerState = { state: 'out' };
  let open = false;
  let needed = false;
  let ended = false;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Grows whenever an answer under way stops being of interest. */
  let generation = 0;
  let asking = false;

  function supersede(): number {
    asking = false;
    generation += 1;
    return generation;
  }

  function having(): Having | undefined {
    if (viewer.state !== 'kept') return undefined;
    return {
      nodeId: viewer.nodeId,
      transportId: viewer.receiver.transportId,
      feeds: ports.heldFeeds(),
    };
  }

  async function join(): Promise<void> {
    const mine = supersede();
    const have = having();
    asking = true;
    if (!have) viewer = { state: 'joining' };
    const joined = await ports.signal.join(have);
    if (mine !== generation) return;
    asking = false;
    if (!joined.ok) failed();
    else if (joined.value.adopted) adopt();
    else await start(joined.value, mine);
  }

  function adopt(): void {
    if (viewer.state !== 'kept') {
      failed();
      return;
    }
    viewer = { ...viewer, state: 'joined' };
    ports.onJoined(true);
  }

  async function start(joined: Joined, mine: number): Promise<void> {
    drop();
    viewer = { state: 'joining' };
    const receiver = await openReceiver(joined);
    if (mine !== generation) return receiver?.close();
    if (!receiver) return failed();
    viewer = { state: 'joined', receiver, nodeId: joined.nodeId };
    ports.onJoined(false);
  }

  async function openReceiver(joined: Joined): Promise<Receiver | undefined> {
    const receiver = await ports
      .createReceiver(joined, {
        connect: ports.signal.connect,
        onFailed() {
          if (isUsing(receiver)) rebuild();
          else if (receiver) ports.onFormerFailed(receiver);
        },
      })
      .catch(() => undefined);
    return receiver;
  }

  async function moveBeside(): Promise<void> {
    const mine = generation;
    const isCurrent = () => mine === generation && viewer.state === 'joined';
    const joined = await ports.signal.join(undefined, true);
    if (!isCurrent()) {
      if (joined.ok && !joined.value.adopted) void ports.signal.leave(joined.value.transport.id);
      return;
    }
    if (!joined.ok || joined.value.adopted) return ports.onBesideRefused();
    const receiver = await openReceiver(joined.value);
    if (!isCurrent() || viewer.state !== 'joined') return receiver?.close();
    // From here on the server takes the other transport for ours: without it there is only the start.
    if (!receiver) return rebuild();
    const before = viewer.receiver;
    viewer = { state: 'joined', receiver, nodeId: joined.value.nodeId };
    ports.onBeside(receiver, before);
  }

  function stopWaiting(): void {
    clearTimeout(timer);
    timer = undefined;
  }

  function isUsing(receiver: Receiver | undefined): boolean {
    return (viewer.state === 'joined' || viewer.state === 'kept') && viewer.receiver === receiver;
  }

  function drop(): void {
    if (viewer.state !== 'joined' && viewer.state !== 'kept') return;
    const { receiver } = viewer;
    viewer = { state: 'out' };
    receiver.close();
    ports.onGone();
  }

  /** Tries again after a while. A transport that is kept stays, unless its adoption has failed too often. */
  function failed(): void {
    failures += 1;
    if (viewer.state !== 'kept' || failures > MAX_ADOPTIONS) {
      drop();
      viewer = { state: 'waiting' };
    }
    stopWaiting();
    const delayMs = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1));
    timer = setTimeout(
      () => {
        timer = undefined;
        if (viewer.state === 'waiting') viewer = { state: 'out' };
        begin();
      },
      delayMs * (0.75 + ports.random() / 2),
    );
  }

  function begin(): void {
    if (ended || !open || !needed || asking || timer !== undefined) return;
    if (viewer.state === 'out' || viewer.state === 'kept') void join();
  }

  function rebuild(): void {
    supersede();
    drop();
    // Without a connection there is nobody to ask; `handleOpen` goes on from here.
    if (open) failed();
    else viewer = { state: 'out' };
  }

  return {
    receiver: () => (viewer.state === 'joined' ? viewer.receiver : undefined),
    need() {
      needed = true;
      begin();
    },
    handleOpen() {
      open = true;
      failures = 0;
      stopWaiting();
      if (viewer.state === 'waiting' || viewer.state === 'joining') viewer = { state: 'out' };
      if (viewer.state === 'joined') viewer = { ...viewer, state: 'kept' };
      begin();
    },
    handleLost() {
      open = false;
      supersede();
      stopWaiting();
      if (viewer.state === 'joined') viewer = { ...viewer, state: 'kept' };
      else if (viewer.state !== 'kept') viewer = { state: 'out' };
    },
    handleWorking() {
      failures = 0;
    },
    moveBeside: () => void moveBeside(),
    rebuild,
    [Symbol.dispose]() {
      ended = true;
      supersede();
      stopWaiting();
      drop();
    },
  };
}
