import { expect, test } from 'vitest';
import { sizesIn } from './heap-sizes.ts';

const FIELDS = ['type', 'name', 'id', 'self_size', 'edge_count'];
const TYPES = [
  ['hidden', 'object', 'string', 'code', 'object shape', 'native'],
  'string',
  'number',
  'number',
];
const STRINGS = ['', 'Tile', 'blink::NetworkResourcesData::ResourceData', 'blink::MediaStreamSource'];

test('objects, compiled code and what is the browser’s are told apart; developer tools count for nothing', () => {
  const row = (type: string, size: number, name = 0) => [TYPES[0]?.indexOf(type) ?? -1, name, 7, size, 0];
  const nodes = [
    ...row('object', 100, 1),
    ...row('string', 20),
    ...row('code', 3_000),
    ...row('object shape', 400),
    ...row('native', 50_000, 3),
    ...row('native', 600_000, 2),
  ];
  const meta = { node_fields: FIELDS, node_types: TYPES };
  expect(sizesIn({ snapshot: { meta }, nodes, strings: STRINGS })).toEqual({
    heldBytes: 120,
    codeBytes: 3_400,
    nativeBytes: 50_000,
    tracks: 1,
  });
});

test('a snapshot of another form is refused, not counted as nothing', () => {
  const meta = { node_fields: ['type', 'name'], node_types: TYPES };
  expect(() => sizesIn({ snapshot: { meta }, nodes: [], strings: STRINGS })).toThrow('without self_size');
});
