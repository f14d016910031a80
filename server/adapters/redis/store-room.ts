import { z } from 'zod';
import { repeat } from '../../concurrency/repeat.ts';
import { mastersOf, type Redis } from './connect.ts';

/** How often Redis is asked. */
const ASK_MS = 30_000;
/** From this share on there is trouble: what is left has to last until somebody has found more. */
const TROUBLE_SHARE = 0.7;

/** How full the store is. Everything stands in memory; when it is full, nothing more is taken. */
export const StoreRoom = z.object({
  usedBytes: z.int().min(0),
  /** `maxmemory`, or the memory of its machine if none is set. */
  limitBytes: z.int().min(0),
  /** Of 1. */
  share: z.number().min(0),
  /** 70 % and more. */
  isTrouble: z.boolean(),
});
export type StoreRoom = z.infer<typeof StoreRoom>;

/** Reads the reply to `INFO memory`. Undefined if it does not say how much there is. */
export function parseRoom(info: string): StoreRoom | undefined {
  const numberOf = (name: string) => Number(new RegExp(`^${name}:(\\d+)\\r?$`, 'm').exec(info)?.[1] ?? 0);
  const usedBytes = numberOf('used_memory');
  const limitBytes = numberOf('maxmemory') || numberOf('total_system_memory');
  if (usedBytes === 0 || limitBytes === 0) return undefined;
  const share = usedBytes / limitBytes;
  return { usedBytes, limitBytes, share, isTrouble: share >= TROUBLE_SHARE };
}

/** Of several that each have a part of the keys, the one that is full first. */
function fullestOf(rooms: readonly StoreRoom[]): StoreRoom | undefined {
  return rooms.toSorted((a, b) => b.share - a.share)[0];
}

interface WatchOptions {
  redis: Redis;
  log: { error(fields: object, message: string): void; warn(fields: object, message: string): void };
}

/** Keeps an eye on how full the store is, and says so in the log once each time that it becomes trouble. */
export function watchStoreRoom({
  redis,
  log,
}: WatchOptions): AsyncDisposable & { room(): StoreRoom | undefined } {
  let room: StoreRoom | undefined;
  const asking = repeat(
    async () => {
      const before = room;
      const rooms = (await mastersOf(redis)).map(async (one) => parseRoom(await one.info('memory')));
      room = fullestOf((await Promise.all(rooms)).filter((one) => one !== undefined)) ?? room;
      if (room?.isTrouble && !before?.isTrouble)
        log.error({ ...room }, 'the store is filling up: when it is full, no event is taken any more');
    },
    {
      everyMs: ASK_MS,
      onError: (error) => log.warn({ err: error }, 'the store does not say how full it is'),
    },
  );
  return { room: () => room, [Symbol.asyncDispose]: () => asking[Symbol.asyncDispose]() };
}
