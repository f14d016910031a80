import { z } from 'zod';
import { VartaError } from '#contract/errors.ts';
import {
  ConsumerLayers,
  ConsumerList,
  MEDIA_MESSAGES,
  MediaConnect,
  MediaJoin,
  type MediaJoined,
  MediaUnwatch,
  MediaWatch,
  type MediaWatching,
} from '#contract/media.ts';
import { type ConsoleSocket, onMessage } from '../../adapters/socket/on-message.ts';
import type { Log } from '../ports.ts';
import type { Viewer } from './viewer.ts';

/** `media:leave` says nothing; some clients send an empty object. */
const Nothing = z.union([z.undefined(), z.strictObject({})]);

/** What the seat of a page needs of the relay. */
interface SeatPorts {
  log: Log;
  join(have: z.infer<typeof MediaJoin>['have']): Promise<MediaJoined>;
  /** The page's viewer, or nothing when it has not joined, or was replaced. */
  viewer(): Viewer | undefined;
  leave(): Promise<void>;
  /** Whether the session that the socket belongs to was ended. */
  isEnded(): boolean;
}

/** Listens to the media messages of one page. */
export function attachSeat(socket: ConsoleSocket, ports: SeatPorts): void {
  const { viewerId } = socket.data;
  const reportUnexpected = (error: unknown, message: string) =>
    ports.log.error({ err: error, viewerId, message }, 'media message failed');

  const on = <S extends z.ZodType>(
    name: string,
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
    const present = ports.viewer();
    if (!present) throw new VartaError('unknown_viewer');
    return present;
  };

  on(MEDIA_MESSAGES.join, MediaJoin, ({ have }) => ports.join(have));
  on(MEDIA_MESSAGES.connect, MediaConnect, (request) => viewer().connect(request));
  on(
    MEDIA_MESSAGES.watch,
    MediaWatch,
    async (request): Promise<MediaWatching> => ({ feeds: await viewer().watch(request) }),
  );
  on(MEDIA_MESSAGES.resume, ConsumerList, ({ consumerIds }) => viewer().resume(consumerIds));
  on(MEDIA_MESSAGES.pause, ConsumerList, ({ consumerIds }) => viewer().pause(consumerIds));
  on(MEDIA_MESSAGES.layers, ConsumerLayers, ({ items }) => viewer().setLayers(items));
  on(MEDIA_MESSAGES.unwatch, MediaUnwatch, (request) => viewer().unwatch(request));
  on(MEDIA_MESSAGES.leave, Nothing, () => ports.leave());
}
