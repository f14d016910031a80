import { expect, it } from 'vitest';
import { CONFIRM_MS, FORSAKEN_MS, outdated } from './standing.ts';

const confirmed = new Set(['cell-1']);

it('what the server says again after a connect goes on, the rest ends', () => {
  const contact = { connected: true, since: 1_000, confirmed };
  expect(outdated(['cell-1', 'cell-2'], contact, 1_000 + CONFIRM_MS - 1)).toEqual([]);
  expect(outdated(['cell-1', 'cell-2'], contact, 1_000 + CONFIRM_MS)).toEqual(['cell-2']);
});

it('without a server everything goes on for a while, and then nothing', () => {
  const contact = { connected: false, since: 1_000, confirmed };
  expect(outdated(['cell-1', 'cell-2'], contact, 1_000 + FORSAKEN_MS - 1)).toEqual([]);
  expect(outdated(['cell-1', 'cell-2'], contact, 1_000 + FORSAKEN_MS)).toEqual(['cell-1', 'cell-2']);
});
