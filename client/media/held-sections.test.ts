import fc from 'fast-check';
import type { types } from 'mediasoup-client';
import { expect, test } from 'vitest';
import { holdingSections } from './held-sections.ts';

const PARAMETERS: types.RtpParameters = { codecs: [], encodings: [{ ssrc: 100_000_000 }] };

/**
 * The session description as mediasoup-client keeps it: a rejected section is taken by the next consumer. Counts what
 * Chromium would leave behind.
 */
class Description {
  readonly sections: { mid: string; isRejected: boolean }[] = [];
  offers = 0;
  leaked = 0;
  readonly handler = {
    receive: (list: types.HandlerReceiveOptions[]) => {
      const before = this.sections.filter(({ isRejected }) => isRejected);
      const results = list.map(({ rtpParameters }) => {
        const mid = rtpParameters.mid ?? '';
        const free = this.sections.find(({ isRejected }) => isRejected);
        if (free) Object.assign(free, { mid, isRejected: false });
        else this.sections.push({ mid, isRejected: false });
        return { localId: mid, track: {} as MediaStreamTrack };
      });
      this.#offer(before);
      return Promise.resolve(results);
    },
    stopReceiving: (mids: string[]) => {
      const before = this.sections.filter(({ isRejected }) => isRejected);
      for (const mid of mids) {
        const section = this.sections.find((one) => one.mid === mid);
        if (!section || section.isRejected) throw new Error(`no section ${mid} to reject`);
        section.isRejected = true;
      }
      this.#offer(before);
      return Promise.resolve();
    },
  };

  #offer(rejectedBefore: readonly { isRejected: boolean }[]): void {
    this.offers += 1;
    this.leaked += rejectedBefore.filter(({ isRejected }) => isRejected).length;
  }
}

/** A transport whose consumers are named by numbers. */
function openTransport() {
  const description = new Description();
  const browser = { name: 'test', factory: () => description.handler } as unknown as types.HandlerFactory;
  const handler = holdingSections(browser).factory({} as types.HandlerOptions);
  let made = 0;
  const receive = async (count: number) => {
    const list = Array.from({ length: count }, () => {
      made += 1;
      const mid = String(made);
      return { trackId: mid, kind: 'video' as const, rtpParameters: { ...PARAMETERS, mid } };
    });
    return (await handler.receive(list)).map(({ localId }) => localId);
  };
  return { description, receive, stop: (mids: string[]) => handler.stopReceiving(mids) };
}

test('a page takes the sections of the one before the last, and waits for one negotiation', async () => {
  const { description, receive, stop } = openTransport();
  const pages: string[][] = [await receive(9), await receive(9)];
  for (let turn = 0; turn < 5; turn++) {
    await stop(pages.shift() ?? []);
    const before = description.offers;
    pages.push(await receive(9));
    expect(description.offers - before).toBe(1);
  }
  expect(description.sections).toHaveLength(2 * 9);
  expect(description.leaked).toBe(0);
});

test('a page whose end is told in two goes, as mediasoup-client does, is one page', async () => {
  const { description, receive, stop } = openTransport();
  const [first = '', ...others] = await receive(8);
  await receive(8);
  await stop([first]);
  await stop(others);
  const before = description.offers;
  await receive(8);
  expect(description.offers - before).toBe(1);
  expect(description.leaked).toBe(0);
});

test('what is left of the sections that a page was to take is nobody’s, until the next page takes it', async () => {
  const { description, receive, stop } = openTransport();
  await stop(await receive(64));
  const before = description.offers;
  expect(await receive(1)).toHaveLength(1);
  expect(description.offers - before).toBe(1);
  expect(description.sections.filter(({ isRejected }) => isRejected)).toEqual([]);
  expect(description.sections.filter(({ mid }) => mid.startsWith('filler'))).toHaveLength(63);
  await receive(63);
  expect(description.sections).toHaveLength(64);
  expect(description.sections.filter(({ mid }) => mid.startsWith('filler'))).toEqual([]);
  expect(description.leaked).toBe(0);
});

test('pages that end while another is being waited for are held, not rejected one after the other', async () => {
  const { description, receive, stop } = openTransport();
  const pages = [await receive(9), await receive(9), await receive(9)];
  const before = description.offers;
  for (const page of pages) await stop(page);
  expect(description.offers - before).toBe(1);
  await receive(9);
  await receive(18);
  expect(description.sections).toHaveLength(3 * 9);
  expect(description.leaked).toBe(0);
});

test('one that is opened singly waits for one negotiation, however often, and the description has an end', async () => {
  const { description, receive, stop } = openTransport();
  await stop(await receive(64));
  const before = description.offers;
  for (let opened = 0; opened < 100; opened++) await stop(await receive(1));
  expect(description.offers - before).toBe(100);
  for (let opened = 0; opened < 1_000; opened++) await stop(await receive(1));
  expect(description.sections).toHaveLength(256);
  expect(description.leaked).toBe(0);
});

test('consumers get what they asked for, and nothing is left rejected for another offer, in whatever order they come and go', async () => {
  const step = fc.oneof(
    fc.record({ take: fc.integer({ min: 1, max: 20 }) }),
    fc.record({ end: fc.integer({ min: 1, max: 20 }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { description, receive, stop } = openTransport();
      const alive: string[] = [];
      for (const one of steps) {
        if ('take' in one) {
          const mids = await receive(one.take);
          expect(mids).toHaveLength(one.take);
          alive.push(...mids);
        } else if (alive.length > 0) await stop(alive.splice(0, one.end));
      }
      const open = description.sections.filter(({ isRejected }) => !isRejected).map(({ mid }) => mid);
      expect(open).toEqual(expect.arrayContaining(alive));
      expect(description.leaked).toBe(0);
    }),
  );
});
