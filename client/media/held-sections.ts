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
/** The largest of so many pages tells what the next one may need: a short one is followed by a full one. */
const REMEMBERED_PAGES = 8;
/** A negotiation takes time by the sections of the description; three pages of 64 tiles are 192. */
const MAX_SECTIONS = 256;

/**
 * Sees to it that no section is rejected in two offers one after the other.
 *
 * When a page ends, some time after the next one was there, as many sections as the one after that may need are rejected
 * at once, so that it takes them with one negotiation. If fewer consumers come, nobody's (fillers) take the rest of them.
 * Sections of all others that end are held in the description as they are, where nothing comes any more, and rejected only
 * when others take them. A consumer or two that somebody waits for is not held up by that: they get new sections while
 * there are not too many.
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
      /** Rejected, for the next offer to take. */
      let ready = 0;
      /** Consumers of the last pages. */
      let pages: readonly number[] = [];
      let filled = 0;

      /** With one negotiation, into what is ready and new sections. */
      async function take(list: types.HandlerReceiveOptions[]): Promise<types.HandlerReceiveResult[]> {
        const [like] = list;
        const fillers: types.HandlerReceiveOptions[] = [];
        while (like && list.length + fillers.length < ready) {
          filled += 1;
          fillers.push(toFiller(like, filled));
        }
        const results = await receive([...list, ...fillers]);
        sections += Math.max(0, list.length - ready);
        ready = 0;
        held.push(...results.slice(list.length).map(({ localId }) => localId));
        return results.slice(0, list.length);
      }

      async function takeAll(list: types.HandlerReceiveOptions[]): Promise<types.HandlerReceiveResult[]> {
        const room = Math.max(0, MAX_SECTIONS - sections);
        if (ready > 0 && list.length > ready + room) {
          const first = await take(list.slice(0, ready + room));
          return [...first, ...(await takeAll(list.slice(first.length)))];
        }
        if (ready === 0 && (list.length >= PAGE || list.length > room)) {
          const taken = held.splice(0, list.length);
          if (taken.length > 0) await reject(taken);
          ready = taken.length;
        }
        return take(list);
      }

      // mediasoup-client waits for one call to end before it begins another.
      handler.receive = (list) => {
        if (list.length >= PAGE) pages = [list.length, ...pages.slice(0, REMEMBERED_PAGES - 1)];
        return takeAll(list);
      };
      handler.stopReceiving = async (localIds) => {
        held.push(...localIds);
        // It ends the first consumer of a page by itself, and then all the others.
        if (localIds.length < PAGE - 1 || ready > 0) return;
        const ahead = held.splice(0, Math.max(0, ...pages));
        ready = ahead.length;
        if (ready > 0) await reject(ahead);
      };
      return handler;
    },
  };
}

/** Above all that mediasoup draws (utils.ts, `generateRandomNumber`): no two sections may have one SSRC. */
const FILLER_SSRCS = 0x8000_0000;

/** What nobody sends, in a section as that of `like`. */
function toFiller(like: types.HandlerReceiveOptions, index: number): types.HandlerReceiveOptions {
  const { kind, rtpParameters } = like;
  const mid = `filler-${index}`;
  return {
    trackId: mid,
    kind,
    streamId: mid,
    rtpParameters: {
      ...rtpParameters,
      mid,
      encodings: [{ ssrc: FILLER_SSRCS + index }],
      rtcp: { ...rtpParameters.rtcp, cname: mid },
    },
  };
}
