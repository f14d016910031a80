import { expect, test } from 'vitest';
import type { BatchResult } from './decode-batch.ts';
import { DecodeBatches, MAX_WAITING, type Waiting } from './decode-batches.ts';

const EVERY_MS = 5_000;

interface Named extends Waiting {
  name: string;
}

/** Keyframes by name; a decoder that says what it was given, and gives nothing for `damaged`. */
function setUp() {
  const state = { nowMs: EVERY_MS, batches: [] as string[][], decoded: [] as string[], warned: 0 };
  const gate = { wait: Promise.resolve(), error: undefined as Error | undefined };
  const counts = { decoded: 0, undecodable: 0, discarded: 0 };
  const batches = new DecodeBatches<Named>({
    everyMs: EVERY_MS,
    counts,
    decode: async (keyframes): Promise<BatchResult> => {
      const names = keyframes.map(({ bytes }) => String(bytes));
      state.batches.push(names);
      await gate.wait;
      if (gate.error) throw gate.error;
      const picture = { jpeg: Buffer.alloc(0), grey: Buffer.alloc(0) };
      return { finished: true, decoded: names.map((name) => (name === 'damaged' ? undefined : picture)) };
    },
    onDecoded: ({ name }) => state.decoded.push(name),
    log: { warn: () => void state.warned++ },
    now: () => state.nowMs,
  });
  const add = (
    name: string,
    { isFirst = false, signal = new AbortController().signal, untilMs = Infinity } = {},
  ) =>
    batches.add({ name, keyframe: { format: 'h264', bytes: Buffer.from(name) }, isFirst, signal, untilMs });
  const settle = async () => {
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  };
  return { batches, add, settle, state, gate, counts };
}

test('what came together is decoded together, when it is time', async () => {
  const { batches, add, settle, state, counts } = setUp();
  add('a');
  add('b');
  batches.tick();
  await settle();
  expect(state.batches).toEqual([['a', 'b']]);
  add('c');
  state.nowMs += EVERY_MS - 1;
  batches.tick();
  await settle();
  expect(state.decoded).toEqual(['a', 'b']);
  state.nowMs += 1;
  batches.tick();
  await settle();
  expect(state.decoded).toEqual(['a', 'b', 'c']);
  expect(counts).toEqual({ decoded: 3, undecodable: 0, discarded: 0 });
});

test("a feed's first keyframe does not wait, but for the batch that is under way", async () => {
  const { batches, add, settle, state, gate } = setUp();
  const { promise, resolve } = Promise.withResolvers<void>();
  gate.wait = promise;
  add('a');
  batches.tick();
  add('first', { isFirst: true });
  batches.tick();
  expect(state.batches).toEqual([['a']]);
  resolve();
  await settle();
  batches.tick();
  expect(state.batches).toEqual([['a'], ['first']]);
});

test('what is over is thrown away, before it is decoded and after', async () => {
  const { batches, add, settle, state, counts } = setUp();
  const [before, meanwhile] = [new AbortController(), new AbortController()];
  add('before', { signal: before.signal });
  add('late', { untilMs: state.nowMs });
  add('meanwhile', { signal: meanwhile.signal });
  add('kept');
  before.abort();
  batches.tick();
  meanwhile.abort();
  await settle();
  expect(state.batches).toEqual([['meanwhile', 'kept']]);
  expect(state.decoded).toEqual(['kept']);
  expect(counts).toEqual({ decoded: 1, undecodable: 0, discarded: 3 });
});

test('what is over need not be held until the next batch', () => {
  const { batches, add, counts } = setUp();
  const ended = new AbortController();
  add('a', { signal: ended.signal });
  ended.abort();
  batches.dropOver();
  expect([batches.room, counts.discarded]).toEqual([MAX_WAITING, 1]);
});

test('one that cannot be decoded is counted, and the others are there', async () => {
  const { batches, add, settle, state, counts } = setUp();
  add('damaged');
  add('a');
  batches.tick();
  await settle();
  expect(state.decoded).toEqual(['a']);
  expect(counts).toEqual({ decoded: 1, undecodable: 1, discarded: 0 });
});

test('a decoder that fails is told of, and the next batch is decoded all the same', async () => {
  const { batches, add, settle, state, gate } = setUp();
  gate.error = new Error('no ffmpeg');
  add('a');
  batches.tick();
  await settle();
  gate.error = undefined;
  add('b', { isFirst: true });
  batches.tick();
  await settle();
  expect([state.warned, state.decoded]).toEqual([1, ['b']]);
});
