import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { VartaError } from '#contract/errors.ts';
import { ReadRoom } from './read-room.ts';

class Answer extends EventEmitter {
  closed = false;
}

test('pictures are given as long as there is memory, and again when others have been sent', () => {
  const room = new ReadRoom(100);
  const [first, second] = [new Answer(), new Answer()];
  room.take(60, first);
  room.take(40, second);
  const take = () => room.take(60, new Answer());
  expect(take).toThrow(
    new VartaError('limit_reached', 'too many pictures are being given out at this moment'),
  );
  second.emit('close');
  expect(take).toThrow(VartaError);
  first.emit('close');
  expect(take).not.toThrow();
});

test('what alone is more than there is room for is given all the same', () => {
  const room = new ReadRoom(100);
  expect(() => room.take(150, new Answer())).not.toThrow();
  expect(() => room.take(1, new Answer())).toThrow(VartaError);
});

test('of an answer that is over already nothing is counted', () => {
  const room = new ReadRoom(100);
  const over = new Answer();
  over.closed = true;
  room.take(100, over);
  expect(() => room.take(100, new Answer())).not.toThrow();
});
