import { VartaError } from '#contract/errors.ts';
import { StoreRoom } from '../../redis/store-room.ts';
import { type AnyRoute, defineRoute } from '../route.ts';

/** How full the store is, for those who can do something about it. */
export function storeRoutes({ room }: { room: () => StoreRoom | undefined }): AnyRoute[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/v1/store',
      action: 'store.read',
      authentication: 'session',
      summary: 'How full the store is; `isTrouble` from 70 % on. When it is full, no event is taken any more',
      reply: StoreRoom,
      handle: () => {
        const known = room();
        if (!known) throw new VartaError('store_unavailable', 'the store has not said yet how full it is');
        return known;
      },
    }),
  ];
}
