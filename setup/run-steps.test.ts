import { expect, test } from 'vitest';
import { runSteps } from './run-steps.ts';
import type { Finding, Step } from './step.ts';

const context = { root: '/nowhere', env: {}, signal: new AbortController().signal };

const forget = async () => {};

function step(title: string, finding: Finding | Error): Step {
  return {
    title,
    inspect: async () => {
      if (finding instanceof Error) throw finding;
      return finding;
    },
  };
}

test('collects what ready steps found and what working steps made', async () => {
  const notes: string[] = [];
  const found: object = {};
  await runSteps(
    [
      step('ready', { state: 'ready', env: { A: '1' } }),
      step('working', {
        state: 'to-do',
        run: async () => {
          notes.push('ran');
          return { summary: 'made', env: { B: '2' } };
        },
      }),
    ],
    context,
    async (part) => void Object.assign(found, part),
  );
  expect(found).toEqual({ A: '1', B: '2' });
  expect(notes).toEqual(['ran']);
});

test('a failure names its step and why', async () => {
  const failing = step('media worker', {
    state: 'to-do',
    run: () => Promise.reject(new Error('the compiler ran out of memory')),
  });
  await expect(runSteps([failing], context, forget)).rejects.toThrow(
    'media worker: the compiler ran out of memory',
  );
});

test('steps that can not even look are all named, before any of them works', async () => {
  let worked = false;
  const working = step('working', {
    state: 'to-do',
    run: async () => {
      worked = true;
      return { summary: '' };
    },
  });
  const steps = [step('one', new Error('broken')), working, step('two', new Error('bent'))];
  await expect(runSteps(steps, context, forget)).rejects.toThrow('one: broken\ntwo: bent');
  expect(worked).toBe(false);
});
