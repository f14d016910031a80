import type { z } from 'zod';
import { VartaError } from '#contract/errors.ts';
import type { MediaObjectId } from '#contract/ids.ts';
import {
  ConsumerLayers,
  ConsumerList,
  MEDIA_MESSAGES,
  MediaConnect,
  MediaJoin,
  type MediaJoined,
  MediaLeave,
  MediaOpen,
  MediaSeen,
  MediaSilent,
  MediaUnwatch,
  MediaWatch,
  type MediaWatching,
} from '#contract/media.ts';
import type { MessageName } from '../../../config/roles/surface.ts';
import { type ConsoleSocket, onMessage } from '../../adapters/socket/on-message.ts';
import type { Log } from '../ports.ts';
import type { Viewer } from './viewer.ts';

/** What the seat of a page needs of the relay. */
interface SeatPorts {
  log: Log;
  join(request: z.infer<typeof MediaJoin>): Promise<MediaJoined>;
  /**
   * The page's viewers: where new feeds go, and during a move the one before. Nothing when it has not joined, or was
   * replaced.
   */
  viewers(): { viewer: Viewer | undefined; former: Viewer | undefined };
  /** Ends the viewer with this transport, or all. */
  leave(transportId: MediaObjectId | undefined): Promise<void>;
  /** Nothing comes over this transport any more. */
  handleSilence(transportId: MediaObjectId): void;
  /** What could be seen on the page, as it says. */
  handleSeen(seen: MediaSeen): void;
  /** What the page has opened. */
  handleOpen(opened: MediaOpen): Promise<void>;
  /** Whether the session that the socket belongs to was ended. */
  isEnded(): boolean;
}

/** Listens to the media messages of one page. */
export function attachSeat(socket: ConsoleSocket, ports: SeatPorts): void {
  const { viewerId } = socket.data;
  const reportUnexpected = (error: unknown, message: string) =>
    ports.log.error({ err: error, viewerId, message }, 'media message failed');

  const on = <S extends z.ZodType>(
    name: MessageName,
    schema: S,
    handle: (request: z.infer<S>) => Promise<unknown>,
  ) =>
    onMessage(
      socket,
      {
        name,
        schema,
        handle: (request) => {
          if (ports.isEnded()) throw new VartaError('unauthenticated');
          return handle(request);
        },
      },
      reportUnexpected,
    );
  const viewer = () => {
    const present = ports.viewers().viewer;
    if (!present) throw new VartaError('unknown_viewer');
    return present;
  };
  const withTransport = (transportId: MediaObjectId) => {
    const { former } = ports.viewers();
    return former?.transportId === transportId ? former : viewer();
  };
  /** Each consumer's message goes to the viewer that has it; one that nobody knows, to the present one. */
  const toOwners = async <T>(
    items: readonly T[],
    idOf: (item: T) => MediaObjectId,
    act: (owner: Viewer, owned: T[]) => Promise<unknown>,
  ): Promise<object> => {
    const { former } = ports.viewers();
    const { ofFormer = [], others = [] } = Object.groupBy(items, (item) =>
      former?.hasConsumer(idOf(item)) ? 'ofFormer' : 'others',
    );
    await Promise.all([
      former && ofFormer.length > 0 ? act(former, ofFormer) : undefined,
      others.length > 0 || !former ? act(viewer(), others) : undefined,
    ]);
    return {};
  };
  const itself = (id: MediaObjectId) => id;

  on(MEDIA_MESSAGES.join, MediaJoin, (request) => ports.join(request));
  on(MEDIA_MESSAGES.connect, MediaConnect, (request) => withTransport(request.transportId).connect(request));
  on(
    MEDIA_MESSAGES.watch,
    MediaWatch,
    async (request): Promise<MediaWatching> => ({ feeds: await viewer().watch(request) }),
  );
  on(MEDIA_MESSAGES.resume, ConsumerList, ({ consumerIds }) =>
    toOwners(consumerIds, itself, (owner, ids) => owner.resume(ids)),
  );
  on(MEDIA_MESSAGES.pause, ConsumerList, ({ consumerIds }) =>
    toOwners(consumerIds, itself, (owner, ids) => owner.pause(ids)),
  );
  on(MEDIA_MESSAGES.layers, ConsumerLayers, ({ items }) =>
    toOwners(
      items,
      ({ consumerId }) => consumerId,
      (owner, ofOwner) => owner.setLayers(ofOwner),
    ),
  );
  on(MEDIA_MESSAGES.unwatch, MediaUnwatch, async ({ consumerIds, feedIds = [] }) => {
    const { former } = ports.viewers();
    const ofFormer = consumerIds.filter((id) => former?.hasConsumer(id));
    const others = consumerIds.filter((id) => !ofFormer.includes(id));
    await Promise.all([
      former && ofFormer.length > 0 ? former.unwatch({ consumerIds: ofFormer }) : undefined,
      others.length + feedIds.length > 0 || !former
        ? viewer().unwatch({ consumerIds: others, feedIds })
        : undefined,
    ]);
  });
  on(MEDIA_MESSAGES.leave, MediaLeave, (request) => ports.leave(request?.transportId));
  on(MEDIA_MESSAGES.silent, MediaSilent, async ({ transportId }) => {
    ports.handleSilence(transportId);
    return {};
  });
  on(MEDIA_MESSAGES.seen, MediaSeen, async (request) => {
    ports.handleSeen(request);
    return {};
  });
  on(MEDIA_MESSAGES.open, MediaOpen, async (request) => {
    await ports.handleOpen(request);
    return {};
  });
}
