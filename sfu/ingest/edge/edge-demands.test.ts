import { expect, it } from 'vitest';
import { testFeed } from '../../test/fixtures/authority.ts';
import { EdgeDemands } from './edge-demands.ts';

const feed = testFeed('cell-1');
const demand = { target: { ip: '127.0.0.1', port: 45_000 }, payloadType: 96, layers: [] };

function listen() {
  const heard: string[] = [];
  const demands = new EdgeDemands({
    nodeId: 'sfu-test',
    news: {
      demand: ({ target, nodeId, at }) => heard.push(`demand ${target.port} of ${nodeId} at ${at}`),
      release: ({ feedId }) => heard.push(`release ${feedId}`),
    },
    now: () => 0,
  });
  return { heard, demands };
}

it('a demand says which node wants what, and is taken back once', () => {
  const { heard, demands } = listen();
  const port = {};
  demands.takeBack(port, feed);
  demands.ask(port, feed, demand);
  demands.takeBack(port, feed);
  demands.takeBack(port, feed);
  expect(heard).toEqual(['demand 45000 of sfu-test at 1970-01-01T00:00:00.000Z', 'release cell-1']);
});

it('a port that was replaced does not take back what its successor asked for', () => {
  const { heard, demands } = listen();
  const [old, successor] = [{}, {}];
  demands.ask(old, feed, demand);
  demands.ask(successor, feed, demand);
  demands.takeBack(old, feed);
  expect(heard).toHaveLength(2);
  demands.takeBack(successor, feed);
  expect(heard.at(-1)).toBe('release cell-1');
});
