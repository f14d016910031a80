import { expect, test } from 'vitest';
import { QUIET_LOG } from '../../test/fixtures/quiet-log.ts';
import { PageMoves, TELL_AGAIN_MS } from './page-moves.ts';

interface Former {
  viewerId: string;
  nodeId: string;
  transportId: string;
  flowing: { feedId: string }[];
}

/** Pages `1` to `4` on a node, with another node beside it if there is one. */
function setUp({ hasOther = true } = {}) {
  const time = { nowMs: 0 };
  const aside = new Set<string>();
  const told: string[] = [];
  const othersFault = new Set<string>();
  const seats = ['1', '2', '3', '4'].map((id) => ({
    viewer: {
      viewerId: `session-1.${id}`,
      nodeId: 'node-a',
      transportId: `transport-${id}` as string | undefined,
      flowing: [{ feedId: `feed-${id}` }],
    },
    former: undefined as Former | undefined,
    toldToMoveAtMs: Number.NEGATIVE_INFINITY,
  }));
  const moves = new PageMoves({
    seats: () => seats,
    finder: {
      isToBeLeft: (nodeId) => hasOther && aside.has(nodeId),
      setAside: (nodeId) => aside.add(nodeId),
    },
    isOthersFault: async (_nodeId, feedIds) => feedIds.some((feedId) => othersFault.has(feedId)),
    tellToMove: (_seat, transportId) => told.push(transportId),
    log: QUIET_LOG,
    now: () => time.nowMs,
  });
  const [first, second, third, fourth] = seats;
  if (!first || !second || !third || !fourth) throw new Error('four pages');
  return { moves, seats: [first, second, third, fourth] as const, told, aside, time, othersFault };
}

const ALL = ['transport-1', 'transport-2', 'transport-3', 'transport-4'];

test('nobody is told to leave a node that is well', () => {
  const { moves, told } = setUp();
  moves.tell();
  expect(told).toEqual([]);
});

test('when nothing comes to half of its pages, a node is set aside, and all of them are told', async () => {
  const { moves, seats, told, aside } = setUp();
  await moves.handleSilence(seats[0], 'transport-1');
  expect([told, [...aside]]).toEqual([[], []]);
  await moves.handleSilence(seats[1], 'transport-2');
  expect([told, [...aside]]).toEqual([ALL, ['node-a']]);
});

test('what is another node’s fault does not count', async () => {
  const { moves, seats, aside, othersFault } = setUp();
  for (const id of ['1', '2', '3']) othersFault.add(`feed-${id}`);
  for (const [at, seat] of seats.entries()) await moves.handleSilence(seat, `transport-${at + 1}`);
  expect([...aside]).toEqual([]);
  othersFault.clear();
  await moves.handleSilence(seats[0], 'transport-1');
  expect([...aside]).toEqual(['node-a']);
});

test('pages stay where there is no other node', async () => {
  const { moves, seats, told } = setUp({ hasOther: false });
  await moves.handleSilence(seats[0], 'transport-1');
  await moves.handleSilence(seats[1], 'transport-2');
  expect(told).toEqual([]);
});

test('what is said of a transport that the page no longer has says nothing', async () => {
  const { moves, seats, told, aside } = setUp();
  for (const seat of seats) await moves.handleSilence(seat, 'transport-of-before');
  expect([told, [...aside]]).toEqual([[], []]);
});

test('a page that moves already is not told, nor one that has not come to its node yet', () => {
  const { moves, seats, told, aside } = setUp();
  aside.add('node-a');
  seats[0].former = { viewerId: 'session-1.1', nodeId: 'node-b', transportId: 'transport-0', flowing: [] };
  seats[1].viewer.transportId = undefined;
  moves.tell();
  expect(told).toEqual(['transport-3', 'transport-4']);
});

test('a page that moves counts with the node that it comes from', async () => {
  const { moves, seats, aside } = setUp();
  for (const seat of seats) {
    seat.former = {
      viewerId: seat.viewer.viewerId,
      nodeId: 'node-b',
      transportId: `former-${seat.viewer.viewerId}`,
      flowing: [],
    };
  }
  await moves.handleSilence(seats[0], 'former-session-1.1');
  expect([...aside]).toEqual([]);
  await moves.handleSilence(seats[1], 'former-session-1.2');
  expect([...aside]).toEqual(['node-b']);
});

test('a page that stays is told again after a while, and not before', () => {
  const { moves, told, aside, time } = setUp();
  aside.add('node-a');
  moves.tell();
  time.nowMs = TELL_AGAIN_MS - 1;
  moves.tell();
  expect(told).toEqual(ALL);
  time.nowMs = TELL_AGAIN_MS;
  moves.tell();
  expect(told).toEqual([...ALL, ...ALL]);
});
