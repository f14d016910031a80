import { expect, test } from 'vitest';
import { QUIET_LOG } from '../../test/fixtures/quiet-log.ts';
import { TakenViewers } from './taken-viewers.ts';

const PAGE = 'session-1.tab-1';

/** Replicas whose news wait in one line, as at Redis, until the test hands them on. */
async function startReplicas(...replicaIds: string[]) {
  const line: string[] = [];
  const listeners: ((message: string) => void)[] = [];
  let nowMs = 1_000;
  const state = { isAway: false, isAnswerLost: false };
  const replicas = await Promise.all(
    replicaIds.map(async (replicaId) => {
      const taken: string[] = [];
      const viewers = new TakenViewers({
        publish: async (message) => {
          if (state.isAway) throw new Error('Redis is away');
          line.push(message);
          if (state.isAnswerLost) throw new Error('the connection broke');
        },
        replicaId,
        log: QUIET_LOG,
        now: () => nowMs,
      });
      await viewers.follow(
        { subscribe: async (_channel, listener) => listeners.push(listener) },
        (viewerId) => taken.push(viewerId),
      );
      return { viewers, taken };
    }),
  );
  return {
    replicas,
    state,
    passMs: (ms: number) => {
      nowMs += ms;
    },
    /** Everybody hears what was said so far, in its order. */
    deliver: () => {
      for (const message of line.splice(0)) for (const listen of listeners) listen(message);
    },
    lose: () => line.splice(0),
  };
}

test('who has a page learns that it went to another replica', async () => {
  const { replicas, deliver } = await startReplicas('first', 'second');
  const [first, second] = replicas;
  first?.viewers.tell(PAGE);
  deliver();
  second?.viewers.tell(PAGE);
  deliver();
  expect([first?.taken, second?.taken]).toEqual([[PAGE], [PAGE]]);
});

test('news that are late do not take the page from where it went since', async () => {
  const { replicas, deliver } = await startReplicas('first', 'second');
  const [first, second] = replicas;
  first?.viewers.tell(PAGE);
  second?.viewers.tell(PAGE);
  deliver();
  expect([first?.taken, second?.taken]).toEqual([[PAGE], []]);
});

test('a page that goes to and fro is where it went last, however late the news are', async () => {
  const { replicas, deliver } = await startReplicas('first', 'second');
  const [first, second] = replicas;
  first?.viewers.tell(PAGE);
  second?.viewers.tell(PAGE);
  first?.viewers.tell(PAGE);
  deliver();
  expect([first?.taken, second?.taken]).toEqual([[], [PAGE]]);
});

test('what could not be said, or was lost on its way back, makes nobody deaf', async () => {
  const { replicas, state, deliver, lose, passMs } = await startReplicas('first', 'second');
  const [first, second] = replicas;
  state.isAway = true;
  first?.viewers.tell(PAGE);
  await Promise.resolve();
  state.isAway = false;
  second?.viewers.tell(PAGE);
  deliver();
  expect(first?.taken).toEqual([PAGE]);

  first?.viewers.tell(PAGE);
  lose();
  passMs(10_000);
  second?.viewers.tell(PAGE);
  deliver();
  expect(first?.taken).toEqual([PAGE, PAGE]);
});

test('news that Redis took though its answer got lost stand for themselves alone', async () => {
  const { replicas, state, deliver } = await startReplicas('first', 'second');
  const [first, second] = replicas;
  state.isAnswerLost = true;
  first?.viewers.tell(PAGE);
  await Promise.resolve();
  state.isAnswerLost = false;
  second?.viewers.tell(PAGE);
  first?.viewers.tell(PAGE);
  deliver();
  expect([first?.taken, second?.taken]).toEqual([[], [PAGE]]);
});
