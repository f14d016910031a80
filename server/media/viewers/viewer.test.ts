import { beforeEach, describe, expect, test } from 'vitest';
import type { ControlMessage } from '#contract/control.ts';
import { type ErrorCode, VartaError } from '#contract/errors.ts';
import { GRANT_RENEWAL_SECONDS } from '#contract/grants.ts';
import { createRegistry } from '../../nation/registry.ts';
import { mediaNation } from '../../test/fixtures/media-nation.ts';
import { QUIET_LOG } from '../../test/fixtures/quiet-log.ts';
import { decideFeed } from './feed-access.ts';
import { Viewer, type ViewerPorts } from './viewer.ts';

const CELL_1 = 'ua-68-itt-1-cell-1-cam-1';
const CELL_2 = 'ua-68-itt-1-cell-2-cam-1';
const registry = createRegistry(mediaNation);

interface Sent {
  message: ControlMessage;
  payload: { grant?: string };
  answer: PromiseWithResolvers<unknown>;
}

/** A node that answers when told to, and a signer whose grants say which feeds they name. */
function setUp() {
  const sent: Sent[] = [];
  const signing: PromiseWithResolvers<void>[] = [];
  const told = {
    viewing: [] as object[],
    reopened: [] as string[],
    lost: [] as ErrorCode[],
    refused: [] as string[],
  };
  const state = { nowMs: 1_000_000, forbidden: new Set<string>(), holdSigning: false };
  const ports: ViewerPorts = {
    links: {
      request: ((target: { message: ControlMessage }, payload: Sent['payload']) => {
        const answer = Promise.withResolvers<unknown>();
        sent.push({ message: target.message, payload, answer });
        return answer.promise;
      }) as ViewerPorts['links']['request'],
    },
    signer: {
      signView: async (_nodeId, _viewerId, feeds) => {
        const gate = Promise.withResolvers<void>();
        signing.push(gate);
        if (!state.holdSigning) gate.resolve();
        await gate.promise;
        return feeds.map(({ id }) => id).join(' ');
      },
    },
    log: QUIET_LOG,
    now: () => state.nowMs,
    ask: (feedId) =>
      state.forbidden.has(feedId)
        ? { allow: false, code: 'confidential', reason: 'test' }
        : decideFeed(
            { kind: 'person', username: 's', role: 'situation', scope: { kind: 'nation' } },
            feedId,
            { registry, area: () => undefined },
          ),
    mayShowMore: () => true,
    areaOf: (feedId) => registry.feed(feedId)?.area.id,
    onRefused: (feedId) => told.refused.push(feedId),
    onViewing: (change) => told.viewing.push(change),
    onReopened: (feedIds) => told.reopened.push(...feedIds),
    onLost: (code) => told.lost.push(code),
  };
  const viewer = new Viewer({ viewerId: 'viewer-0001', nodeId: 'sfu-1' }, ports);
  return { viewer, sent, signing, told, state };
}

let it: ReturnType<typeof setUp>;
beforeEach(() => {
  it = setUp();
});

/** Lets everything run that does not wait for the node or the signer. */
const settle = () => new Promise((resolve) => setImmediate(resolve));
const consumer = (feedId: string) => ({
  ok: true,
  feedId,
  consumer: { id: `c-${feedId}`, producerId: 'p', kind: 'video', rtpParameters: {} },
});
const capabilities = { rtpCapabilities: {} };
const ask = (...feedIds: string[]) => ({
  ...capabilities,
  feeds: feedIds.map((feedId) => ({ feedId, layer: 'low' as const })),
});

async function joined() {
  const join = it.viewer.join();
  await settle();
  it.sent[0]?.answer.resolve({ adopted: true, viewerId: 'viewer-0001', nodeId: 'sfu-1' });
  await join;
}

async function watching(...feedIds: string[]) {
  await joined();
  const watch = it.viewer.watch(ask(...feedIds));
  await settle();
  it.sent.at(-1)?.answer.resolve({ feeds: feedIds.map(consumer) });
  await watch;
}

test('what flows to a page is what it has let flow and not paused since', async () => {
  await watching(CELL_1, CELL_2);
  const flowing = () => it.viewer.flowing.map(({ feedId }) => feedId);
  expect(flowing()).toEqual([]);
  void it.viewer.resume([`c-${CELL_1}`, `c-${CELL_2}`]);
  expect(flowing()).toEqual([CELL_1, CELL_2]);
  void it.viewer.pause([`c-${CELL_1}`]);
  expect(flowing()).toEqual([CELL_2]);
  it.viewer.handleConsumersClosed([{ consumerId: `c-${CELL_2}`, feedId: CELL_2, code: 'feed_not_live' }]);
  expect(flowing()).toEqual([]);
});

describe('order', () => {
  test('messages leave in the order in which they were asked for, and do not wait for answers', async () => {
    await joined();
    it.state.holdSigning = true;
    const asked = [
      it.viewer.watch(ask(CELL_1)),
      it.viewer.resume(['c-1']),
      it.viewer.watch(ask(CELL_2)),
      it.viewer.pause(['c-1']),
    ];
    await settle();
    expect(it.sent).toHaveLength(1);
    it.signing[1]?.resolve();
    await settle();
    it.signing[2]?.resolve();
    await settle();
    expect(it.sent.slice(1).map(({ message }) => message)).toEqual([
      'viewer:watch',
      'viewer:resume',
      'viewer:watch',
      'viewer:pause',
    ]);
    for (const { answer } of it.sent) answer.resolve({ feeds: [] });
    await Promise.all(asked);
  });

  test('a grant says what holds when it is signed: what was forbidden while it waited is not in it', async () => {
    await joined();
    it.state.holdSigning = true;
    const first = it.viewer.watch(ask(CELL_1));
    const second = it.viewer.watch(ask(CELL_2));
    await settle();
    it.state.forbidden.add(CELL_1);
    it.signing[1]?.resolve();
    await settle();
    it.signing[2]?.resolve();
    await settle();
    expect(it.sent.slice(1).map(({ payload }) => payload.grant)).toEqual([`${CELL_1} ${CELL_2}`, CELL_2]);
    it.sent[1]?.answer.resolve({ feeds: [consumer(CELL_1)] });
    it.sent[2]?.answer.resolve({ feeds: [consumer(CELL_2)] });
    // The node has closed it by the second grant; the page must not believe that it has it.
    expect(await first).toMatchObject([{ ok: false, code: 'confidential' }]);
    expect(await second).toMatchObject([{ ok: true, feedId: CELL_2 }]);
  });

  test('a renewal does not overtake the join, and is made up for', async () => {
    const join = it.viewer.join();
    const renewal = it.viewer.renew();
    await settle();
    expect(it.sent.map(({ message }) => message)).toEqual(['viewer:join']);
    it.sent[0]?.answer.resolve({ adopted: true, viewerId: 'viewer-0001', nodeId: 'sfu-1' });
    await renewal;
    await settle();
    expect(it.sent.map(({ message }) => message)).toEqual(['viewer:join', 'viewer:renew']);
    it.sent[1]?.answer.resolve({});
    await join;
  });
});

describe('the end', () => {
  test('who was replaced says nothing more, not even what was on its way', async () => {
    await joined();
    it.state.holdSigning = true;
    const watch = it.viewer.watch(ask(CELL_1));
    await settle();
    it.viewer.end();
    it.signing[1]?.resolve();
    await expect(watch).rejects.toMatchObject({ code: 'unknown_viewer' });
    await expect(it.viewer.leave()).resolves.toBeUndefined();
    expect(it.sent).toHaveLength(1);
  });

  test('who is detached may still leave, after all that was said before', async () => {
    await watching(CELL_1);
    it.viewer.detach();
    await expect(it.viewer.resume(['c'])).rejects.toMatchObject({ code: 'unknown_viewer' });
    const leave = it.viewer.leave();
    await settle();
    expect(it.sent.at(-1)?.message).toBe('viewer:leave');
    it.sent.at(-1)?.answer.resolve({});
    await leave;
  });

  test('an answer that comes after the end gives nothing', async () => {
    await joined();
    const watch = it.viewer.watch(ask(CELL_1));
    await settle();
    it.viewer.end();
    it.sent.at(-1)?.answer.resolve({ feeds: [consumer(CELL_1)] });
    await expect(watch).rejects.toMatchObject({ code: 'unknown_viewer' });
    expect(it.told.viewing).toEqual([]);
  });
});

describe('renewal', () => {
  test('is due after its time, and not twice', async () => {
    await joined();
    void it.viewer.renewIfDue();
    it.state.nowMs += GRANT_RENEWAL_SECONDS * 1000;
    void it.viewer.renewIfDue();
    void it.viewer.renewIfDue();
    await settle();
    expect(it.sent.map(({ message }) => message)).toEqual(['viewer:join', 'viewer:renew']);
  });

  test('a watch is a renewal', async () => {
    await joined();
    it.state.nowMs += GRANT_RENEWAL_SECONDS * 1000 - 1;
    void it.viewer.watch(ask(CELL_1));
    await settle();
    it.state.nowMs += 1;
    void it.viewer.renewIfDue();
    await settle();
    expect(it.sent.map(({ message }) => message)).toEqual(['viewer:join', 'viewer:watch']);
  });

  test('one that failed is tried again after a second', async () => {
    await joined();
    const renewal = it.viewer.renew();
    await settle();
    it.sent.at(-1)?.answer.reject(new VartaError('sfu_timeout'));
    await renewal;
    it.state.nowMs += 999;
    void it.viewer.renewIfDue();
    await settle();
    expect(it.sent).toHaveLength(2);
    it.state.nowMs += 1;
    void it.viewer.renewIfDue();
    await settle();
    expect(it.sent).toHaveLength(3);
    expect(it.told.lost).toEqual([]);
  });

  test('a node that does not know the viewer has lost it', async () => {
    await joined();
    const renewal = it.viewer.renew();
    await settle();
    it.sent.at(-1)?.answer.reject(new VartaError('unknown_viewer'));
    await renewal;
    expect(it.told.lost).toEqual(['unknown_viewer']);
  });

  test('drops what is forbidden now, and tells what may be asked for again', async () => {
    await watching(CELL_1, CELL_2);
    it.state.forbidden.add(CELL_1);
    void it.viewer.renew();
    await settle();
    expect(it.sent.at(-1)?.payload.grant).toBe(CELL_2);
    expect(
      it.viewer.handleConsumersClosed([
        { consumerId: `c-${CELL_1}`, feedId: CELL_1, code: 'grant_not_covering' },
      ]),
    ).toMatchObject([{ code: 'confidential' }]);
    it.state.forbidden.clear();
    void it.viewer.renew();
    await settle();
    expect(it.told.reopened).toEqual([CELL_1]);
    expect(it.sent.at(-1)?.payload.grant).toBe(`${CELL_1} ${CELL_2}`);
  });

  test('only when a change of areas is about something that is wanted', async () => {
    await watching(CELL_1);
    const before = it.sent.length;
    await it.viewer.handleAreas(new Set(['ua-68-itt-1-cell-2']));
    expect(it.sent).toHaveLength(before);
    void it.viewer.handleAreas(new Set(['ua-68-itt-1-cell-1']));
    await settle();
    expect(it.sent.at(-1)?.message).toBe('viewer:renew');
  });
});

test('viewings begin with a consumer and end with it, whoever ends it', async () => {
  await watching(CELL_1, CELL_2);
  it.viewer.handleConsumersClosed([{ consumerId: `c-${CELL_1}`, feedId: CELL_1, code: 'feed_not_live' }]);
  it.viewer.detach();
  expect(it.told.viewing).toEqual([
    { opened: [CELL_1, CELL_2], closed: [] },
    { opened: [], closed: [CELL_1] },
    { opened: [], closed: [CELL_2] },
  ]);
});
