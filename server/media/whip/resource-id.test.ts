import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toResourceName, WhipResourceName } from './resource-id.ts';

const nodeId = fc.stringMatching(/^[a-z0-9]{3}(?:-[a-z0-9]{1,5}){0,4}$/);
const resourceId = fc.stringMatching(/^[A-Za-z0-9-]{1,36}$/);

test('a name leads back to its node and resource, and needs no escaping in a URL', () => {
  fc.assert(
    fc.property(fc.record({ nodeId, resourceId }), (resource) => {
      const name = toResourceName(resource);
      expect(WhipResourceName.parse(name)).toEqual(resource);
      expect(encodeURIComponent(name)).toBe(name);
    }),
  );
});

test.each(['', '.', 'node-1', 'node-1.', '.abc', 'NODE.abc', 'node-1.a.b', 'node-1.a/b', '../node-1.abc'])(
  '%j is no name',
  (name) => {
    expect(WhipResourceName.safeParse(name).success).toBe(false);
  },
);
