import { expect, test } from 'vitest';
import { type InputState, isReopenDue } from './input-state.ts';

test.each<[string, InputState[], { isTaken: boolean }, boolean]>([
  ['one layer silent while the other one is sent on', ['flowing', 'silent'], { isTaken: true }, false],
  ['all layers silent', ['silent', 'silent'], { isTaken: true }, true],
  ['the only layer that ever came silent', ['silent', 'awaited'], { isTaken: true }, true],
  ['one layer silent, which disturbs nobody', ['flowing', 'silent'], { isTaken: false }, true],
  ['another sender of one layer', ['flowing', 'replaced'], { isTaken: true }, true],
  ['both layers', ['flowing', 'flowing'], { isTaken: false }, false],
  ['a layer that never came', ['flowing', 'awaited'], { isTaken: false }, false],
  ['nothing yet', ['awaited', 'awaited'], { isTaken: false }, false],
])('ports with %s are opened anew only if that helps: %j %j → %s', (_, layers, taken, isDue) => {
  expect(isReopenDue(layers, taken)).toBe(isDue);
});
