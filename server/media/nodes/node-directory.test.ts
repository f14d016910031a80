import { expect, test } from 'vitest';
import { NODE_LEASE_MS, type NodeRecord } from '#contract/registry.ts';
import { applyNews, applyScan, applyStoreLost, EMPTY_DIRECTORY } from './node-directory.ts';

const AT = '2026-11-22T14:00:00.000Z';
const record = (nodeId: string, change: Partial<NodeRecord> = {}): NodeRecord => ({
  nodeId,
  controlUrl: 'http://127.0.0.1:44300',
  regionId: null,
  workers: 2,
  load: 0,
  viewers: 0,
  feeds: 0,
  draining: false,
  deaf: false,
  gone: false,
  startedAt: AT,
  at: AT,
  ...change,
});
const names = ({ nodes }: { nodes: ReadonlyMap<string, NodeRecord> }) => [...nodes.keys()].sort();

test('a node without a record is gone, once the store has been there for a lease', () => {
  let directory = applyScan(EMPTY_DIRECTORY, [record('one'), record('two')], 0);
  directory = applyScan(directory, [record('one')], NODE_LEASE_MS - 1);
  expect(names(directory)).toEqual(['one', 'two']);
  directory = applyScan(directory, [record('one')], NODE_LEASE_MS);
  expect(names(directory)).toEqual(['one']);
});

test('nodes that cannot renew while the store is away are not taken for dead', () => {
  let directory = applyScan(EMPTY_DIRECTORY, [record('one')], 0);
  directory = applyScan(directory, [record('one')], 60_000);
  directory = applyStoreLost(directory);
  directory = applyScan(directory, [], 90_000);
  expect(names(directory)).toEqual(['one']);
  directory = applyScan(directory, [], 90_000 + NODE_LEASE_MS);
  expect(names(directory)).toEqual([]);
});

test('news come before the next scan, goodbyes too', () => {
  let directory = applyNews(EMPTY_DIRECTORY, record('one'));
  expect(names(directory)).toEqual(['one']);
  directory = applyNews(directory, record('one', { draining: true }));
  expect(directory.nodes.get('one')?.draining).toBe(true);
  directory = applyNews(directory, record('one', { gone: true }));
  expect(names(directory)).toEqual([]);
});

test('a goodbye that is read from the registry counts even before a lease has passed', () => {
  const directory = applyScan(EMPTY_DIRECTORY, [record('one')], 0);
  expect(names(applyScan(directory, [record('one', { gone: true })], 1))).toEqual([]);
});

test('the goodbye of a predecessor does not put out its successor', () => {
  const successor = record('one', { startedAt: '2026-11-22T14:00:05.000Z' });
  const directory = applyNews(EMPTY_DIRECTORY, successor);
  expect(names(applyNews(directory, record('one', { gone: true })))).toEqual(['one']);
});
