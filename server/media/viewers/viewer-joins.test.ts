import { expect, test } from 'vitest';
import { VartaError } from '#contract/errors.ts';
import { QUIET_LOG } from '../../test/fixtures/quiet-log.ts';
import { SeatTable } from './seat-table.ts';
import { ViewerJoins } from './viewer-joins.ts';

const PAGE = 'session-1.tab-1';

/** A page of this replica, and the only node of a site, which takes nobody so many times. */
function setUp({ refusals = 0 } = {}) {
  const announced: string[] = [];
  const seats = new SeatTable();
  const socket = {
    connected: true,
    data: {
      principal: { kind: 'person', username: 's', role: 'situation', scope: { kind: 'nation' } },
      sessionId: 'session-1',
      tabId: 'tab-1',
      viewerId: PAGE,
    },
  };
  const seat = seats.add(socket as never);
  const state = { refusals, joins: 0 };
  const joins = new ViewerJoins({
    seats,
    finder: { isReachable: async () => false, hasUsable: () => false, find: async () => 'node-1' } as never,
    view: { current: true } as never,
    viewings: { hasRoom: true },
    audit: { auditRefusal: () => {} },
    log: QUIET_LOG,
    now: Date.now,
    // Of a viewer, joins use the ids and what its node answers.
    createViewer: (_seat, place) =>
      ({
        ...place,
        end: () => {},
        join: async () => {
          state.joins += 1;
          if (state.joins <= state.refusals) throw new VartaError('no_sfu');
          return { nodeId: place.nodeId };
        },
      }) as never,
    leaveQuietly: () => {},
    announceTaken: (viewerId) => announced.push(viewerId),
    iceServersFor: () => [],
  });
  return { joins, seat, socket, state, announced };
}

test('a join tells the other replicas once, however often nodes are asked', async () => {
  const { joins, seat, state, announced } = setUp({ refusals: 2 });
  await joins.join(seat, {} as never);
  expect([state.joins, announced]).toEqual([3, [PAGE]]);
});

test('a page that left while its join waited is taken from no other replica', async () => {
  const { joins, seat, socket, state, announced } = setUp();
  socket.connected = false;
  await expect(joins.join(seat, {} as never)).rejects.toThrow(
    expect.objectContaining({ code: 'unauthenticated' }),
  );
  expect([state.joins, announced]).toEqual([0, []]);
});
