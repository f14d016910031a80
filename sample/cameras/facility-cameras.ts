import { createSocket, type Socket } from 'node:dgram';
import { isIP } from 'node:net';
import type { Logger } from 'pino';
import type { FeedDemand } from '#contract/facility-link.ts';
import type { FeedId } from '#contract/ids.ts';
import type { Scene } from './picture/scene.ts';
import { createFeedSender, type FeedSender, type Target } from './rtp/feed-sender.ts';
import type { Pacer } from './rtp/pacer.ts';
import { isRtcp, keyframeRequests } from './rtp/rtcp.ts';
import type { ClipLibrary } from './video/clip-library.ts';

/** The cameras of one facility that send on demand. They share a UDP socket for each address family, as behind one router. */
export interface FacilityCameras extends AsyncDisposable {
  readonly feedIds: readonly FeedId[];
  /** What is wanted of a feed; a demand for a feed that is not here, or that leads nowhere, is left out. */
  demand(demand: FeedDemand): void;
  release(feedId: FeedId): void;
  /** Feeds that are wanted now. */
  demanded(): FeedId[];
}

export function createFacilityCameras(options: {
  /** What each camera sees. */
  scenes: ReadonlyMap<FeedId, Scene>;
  library: ClipLibrary;
  pacer: Pacer;
  log: Logger;
}): FacilityCameras {
  const { scenes, library, pacer, log } = options;
  const senders = new Map<FeedId, FeedSender>();
  const sockets = new Map<4 | 6, Socket>();

  function socketFor(ip: string): Socket {
    const family = isIP(ip) === 6 ? 6 : 4;
    const socket = sockets.get(family) ?? openSocket(family);
    sockets.set(family, socket);
    return socket;
  }

  function openSocket(family: 4 | 6): Socket {
    const socket = createSocket({
      type: family === 6 ? 'udp6' : 'udp4',
      // Targets are addresses already: nothing to look up, which would cost a turn of the loop for each packet.
      lookup: (address, _options, callback) => callback(null, address, family),
    });
    socket.on('message', (message) => {
      if (!isRtcp(message)) return;
      for (const ssrc of keyframeRequests(message)) {
        for (const sender of senders.values()) sender.requestKeyframe(ssrc);
      }
    });
    // A packet that could not be sent is a packet lost.
    socket.on('error', (error) => log.debug({ err: error }, 'sample video not sent'));
    socket.bind();
    return socket;
  }

  function send(packet: Buffer, { ip, port }: Target): void {
    socketFor(ip).send(packet, port, ip);
  }

  function openSender(feedId: FeedId, scene: Scene): FeedSender {
    const sender = createFeedSender({
      feedId,
      pacer,
      loadClip: (layer, signal) => library.get(scene, layer, signal),
      send,
      log,
    });
    senders.set(feedId, sender);
    return sender;
  }

  return {
    feedIds: [...scenes.keys()],
    demand(demand) {
      const scene = scenes.get(demand.feedId);
      if (!scene || isIP(demand.target.ip) === 0) {
        log.warn({ feedId: demand.feedId }, 'demand for a feed or an address that is not known');
        return;
      }
      (senders.get(demand.feedId) ?? openSender(demand.feedId, scene)).demand(demand);
    },
    release(feedId) {
      senders.get(feedId)?.[Symbol.dispose]();
      senders.delete(feedId);
    },
    demanded: () => [...senders.keys()],
    async [Symbol.asyncDispose]() {
      for (const sender of senders.values()) sender[Symbol.dispose]();
      senders.clear();
      await Promise.all(
        [...sockets.values()].map((socket) => new Promise<void>((resolve) => socket.close(() => resolve()))),
      );
      sockets.clear();
    },
  };
}
