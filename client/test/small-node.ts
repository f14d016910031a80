import type { ErrorCode } from '#contract/errors.ts';
import type { MediaJoined, MediaWatching } from '#contract/media.ts';
import type { Layer } from '#contract/nation.ts';
import type { MediaSignal } from '../media/media-signal.ts';
import type { ConsumerParameters, CreateReceiver, Received, StreamTotals } from '../media/receiver.ts';
import { type Failure, failure } from '../session/failure.ts';

interface NodeConsumer {
  id: string;
  layer: Layer;
  flowing: boolean;
}

/**
 * Server and media node in small, for tests of the engine: keeps the contract of `media:*` for one viewer, and remembers
 * what it was asked. No packet flows; a track is a canvas' own.
 */
export function createSmallNode() {
  const state = {
    /** The connection between page and server. */
    reachable: true,
    transports: 0,
    living: undefined as string | undefined,
    /** Of the transport that was joined last. */
    consumers: new Map<string, NodeConsumer>(),
    /** The transport from before `beside`, until the page leaves it. */
    former: undefined as { transport: string; consumers: Map<string, NodeConsumer> } | undefined,
    /** Feeds that have another source: whoever asks for one gets another consumer beside the present one. */
    outdated: new Set<string>(),
    /** Consumers of the sources before. */
    replaced: [] as NodeConsumer[],
    refusesBeside: false,
    /** Paths of new transports come up. */
    connects: true,
    /** What each second brings to every consumer that flows, for `readTotals`. */
    second: { bytes: 20_000, packets: 20, lost: 0, framesReceived: 15, framesDropped: 0 },
    refusals: new Map<string, ErrorCode>(),
    unsupported: new Set<string>(),
    /** Feeds whose description breaks a whole negotiation. */
    poisonous: new Set<string>(),
    messages: [] as string[],
    /** Tracks that are made from now on move. */
    paints: false,
    /** What happens between the answer to a request to watch and its arrival. */
    onAnswer: () => {},
    /** Why nothing may be opened. */
    openRefusal: undefined as ErrorCode | undefined,
    failTransport: () => {},
  };
  let consumerCount = 0;

  async function say<T>(message: string, answer: () => T): Promise<{ ok: true; value: T } | Failure> {
    if (!state.reachable) return failure('offline');
    state.messages.push(message);
    await Promise.resolve();
    return state.reachable ? { ok: true, value: answer() } : failure('offline');
  }

  function setFlow(ids: readonly string[], flowing: boolean): object {
    for (const consumer of all()) if (ids.includes(consumer.id)) consumer.flowing = flowing;
    return {};
  }

  function all(): NodeConsumer[] {
    return [...state.consumers.values(), ...(state.former?.consumers.values() ?? []), ...state.replaced];
  }

  function joined(): MediaJoined {
    state.living = `transport-${++state.transports}`;
    return {
      adopted: false,
      viewerId: 'viewer-1',
      nodeId: 'node-1',
      routerRtpCapabilities: {},
      transport: { id: state.living, iceParameters: {}, iceCandidates: [], dtlsParameters: {} },
    };
  }

  /** What the server does for `media:join` with `beside`. */
  async function joinBeside() {
    if (state.refusesBeside) return failure('no_sfu');
    return say('join:beside', () => {
      state.former = { transport: state.living ?? '', consumers: state.consumers };
      state.consumers = new Map();
      return joined();
    });
  }

  function answer(feedId: string, layer: Layer): MediaWatching['feeds'][number] {
    const code = state.refusals.get(feedId);
    if (code) return { ok: false, feedId, code, message: code };
    const before = state.consumers.get(feedId);
    if (before && state.outdated.delete(feedId)) {
      state.replaced.push(before);
      state.consumers.delete(feedId);
    }
    const consumer = state.consumers.get(feedId) ?? {
      id: `consumer-${++consumerCount}`,
      layer,
      flowing: false,
    };
    consumer.layer = layer;
    state.consumers.set(feedId, consumer);
    return {
      ok: true,
      feedId,
      consumer: { id: consumer.id, producerId: feedId, kind: 'video', rtpParameters: {} },
    };
  }

  const signal: MediaSignal = {
    join: (have, beside) =>
      beside
        ? joinBeside()
        : say(have ? `join:${have.transportId}` : 'join', (): MediaJoined => {
            if (have && have.transportId === state.living) {
              for (const feedId of [...state.consumers.keys()])
                if (!have.feeds.includes(feedId)) state.consumers.delete(feedId);
              return { adopted: true, viewerId: 'viewer-1', nodeId: have.nodeId };
            }
            state.consumers.clear();
            state.former = undefined;
            return joined();
          }),
    connect: () => say('connect', () => ({})),
    open: async (feedIds) => {
      const said = await say(`open:${feedIds.join()}`, () => ({}));
      return said.ok && state.openRefusal && feedIds.length > 0 ? failure(state.openRefusal) : said;
    },
    watch: (_, feeds) =>
      say(`watch:${feeds.map(({ feedId }) => feedId).join(',')}`, () => {
        const answers = feeds.map(({ feedId, layer }) => answer(feedId, layer));
        state.onAnswer();
        return { feeds: answers };
      }),
    resume: (ids) => say(`resume:${ids.length}`, () => setFlow(ids, true)),
    pause: (ids) => say(`pause:${ids.length}`, () => setFlow(ids, false)),
    layers: (items) =>
      say(`layers:${items.length}`, () => {
        for (const { consumerId, layer } of items)
          for (const consumer of all()) if (consumer.id === consumerId) consumer.layer = layer;
        return {};
      }),
    unwatch: (ids, feedIds) =>
      say(`unwatch:${ids.length}+${feedIds.length}`, () => {
        for (const [feedId, { id }] of [...state.consumers])
          if (ids.includes(id)) state.consumers.delete(feedId);
        state.replaced = state.replaced.filter(({ id }) => !ids.includes(id));
        return {};
      }),
    leave: (transportId) =>
      say(`leave:${transportId}`, () => {
        if (state.former?.transport === transportId) state.former = undefined;
        return {};
      }),
    silent: (transportId) => say(`silent:${transportId}`, () => ({})),
    seen: async () => ({ ok: true, value: {} }),
  };

  const createReceiver: CreateReceiver = async ({ transport }, { onFailed }) => {
    const tracks = new Map<string, MediaStreamTrack>();
    const painting: (() => void)[] = [];
    const totals = new Map<string, StreamTotals>();
    let poisoned = false;
    let made = 0;
    state.failTransport = onFailed;
    return {
      transportId: transport.id,
      rtpCapabilities: {},
      get made() {
        return made;
      },
      isConnected: () => state.connects,
      async readTotals() {
        for (const { id, flowing } of all()) {
          const before = totals.get(id) ?? NOTHING;
          totals.set(id, flowing ? add(before, state.second) : before);
        }
        return { rttMs: 20, streams: new Map(totals) };
      },
      async consume(list) {
        made += list.length;
        await Promise.resolve();
        poisoned ||= list.some(({ producerId }) => state.poisonous.has(producerId));
        return list.map((parameters) => receive(parameters, { tracks, painting, poisoned }));
      },
      forget: (ids) => {
        for (const id of ids) tracks.delete(id);
      },
      close() {
        tracks.clear();
        for (const stop of painting.splice(0)) stop();
      },
    };
  };

  function receive({ id, producerId }: ConsumerParameters, { tracks, painting, poisoned }: Held): Received {
    if (poisoned) return { ok: false, why: 'failed' };
    if (state.unsupported.has(producerId)) return { ok: false, why: 'unsupported' };
    const known = tracks.get(id);
    if (known) return { ok: true, track: known };
    const { track, stop } = createTrack(state.paints);
    tracks.set(id, track);
    painting.push(stop);
    return { ok: true, track };
  }

  return { state, signal, createReceiver };
}

/** What one transport holds. */
interface Held {
  tracks: Map<string, MediaStreamTrack>;
  /** Each stops one track that moves. */
  painting: (() => void)[];
  poisoned: boolean;
}

const NOTHING: StreamTotals = { bytes: 0, packets: 0, lost: 0, framesReceived: 0, framesDropped: 0 };

function add(a: StreamTotals, b: StreamTotals): StreamTotals {
  return {
    bytes: a.bytes + b.bytes,
    packets: a.packets + b.packets,
    lost: a.lost + b.lost,
    framesReceived: a.framesReceived + b.framesReceived,
    framesDropped: a.framesDropped + b.framesDropped,
  };
}

const FRAME_MS = 50;

/** The track of a canvas. Nothing comes of it, or, if it `paints`, a frame now and again until `stop`. */
function createTrack(paints: boolean): { track: MediaStreamTrack; stop(): void } {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  const [track] = canvas.captureStream(paints ? undefined : 0).getVideoTracks();
  if (!track) throw new Error('a canvas gives a track');
  if (!paints) return { track, stop() {} };
  let count = 0;
  const timer = setInterval(() => {
    count += 1;
    context?.clearRect(0, 0, 100, 20);
    context?.fillRect(0, 0, count % 100, 20);
  }, FRAME_MS);
  return { track, stop: () => clearInterval(timer) };
}
