import { Device, detectDevice, type types } from 'mediasoup-client';
import { Chrome111 } from 'mediasoup-client/handlers/Chrome111';

/**
 * mediasoup-client for receiving, of which a page that runs for weeks keeps nothing.
 *
 * With every offer Chromium (seen in 156) makes a track for each rejected section of the session description, and keeps
 * it for the life of the page, whether or not the connection is closed. mediasoup-client rejects the section of a
 * consumer that ends, and leaves it so until another takes it: a wall that turns its pages gathered ten tracks a turn.
 */
export function createReceivingDevice(): Device {
  if (detectDevice() !== 'Chrome111') return new Device();
  return new Device({ handlerFactory: holdingSections(Chrome111.createFactory({})) });
}

/** Fewer consumers at once are no page of the wall: somebody opens an area, or an alarm does. */
const PAGE = 8;
/** A negotiation takes time by the sections of the description; three pages of 64 tiles are 192. */
const MAX_SECTIONS = 256;

/**
 * Leaves the sections of ended consumers in the description as they are, where nothing comes any more, and rejects as
 * many of them as are taken at once by others. A consumer or two that somebody waits for is not held up by that: they get
 * new sections while there are not too many.
 */
export function holdingSections(browser: types.HandlerFactory): types.HandlerFactory {
  return {
    ...browser,
    factory(options) {
      const handler = browser.factory(options);
      const receive = handler.receive.bind(handler);
      const reject = handler.stopReceiving.bind(handler);
      const held: string[] = [];
      let sections = 0;
      handler.stopReceiving = (localIds) => {
        held.push(...localIds);
        return Promise.resolve();
      };
      // mediasoup-client waits for one call to end before it begins another.
      handler.receive = async (list) => {
        const hasRoom = list.length < PAGE && sections + list.length <= MAX_SECTIONS;
        const taken = hasRoom ? [] : held.splice(0, list.length);
        if (taken.length > 0) await reject(taken);
        const results = await receive(list);
        sections += list.length - taken.length;
        return results;
      };
      return handler;
    },
  };
}
