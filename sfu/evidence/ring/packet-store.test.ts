import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PacketStore, SEGMENT_BYTES } from './packet-store.ts';

const Packets = fc.array(fc.uint8Array({ maxLength: 1_500 }), { maxLength: 120 });

const toKept = (bytes: Uint8Array, index: number) => ({
  packet: Buffer.from(bytes),
  atMs: 1_000 + index,
  rollovers: index,
});

test('what was added comes back as it was, in its order; from an instant on nothing is missing', () => {
  fc.assert(
    fc.property(Packets, fc.nat({ max: 130 }), (packets, before) => {
      const store = new PacketStore();
      const kept = packets.map(toKept);
      const grown = kept.filter((one) => store.add(one)).length;
      expect(store.bytes).toBe(grown * SEGMENT_BYTES);
      expect([...store.read()]).toEqual(kept);
      store.forgetBefore(1_000 + before);
      const left = [...store.read()];
      expect(left).toEqual(kept.slice(kept.length - left.length));
      expect(left.length).toBeGreaterThanOrEqual(kept.length - before);
    }),
  );
});

test('what is forgotten is overwritten, and what is no packet of media is not taken', () => {
  const store = new PacketStore();
  expect(store.add(toKept(Buffer.alloc(5_000), 0))).toBe(false);
  for (let index = 0; index < 60; index++) store.add(toKept(Buffer.alloc(1_000, 1), index));
  const packets = [...store.read()].map(({ packet }) => packet);
  expect(packets).toHaveLength(60);
  store.forgetOldest();
  const left = [...store.read()].length;
  for (const [index, packet] of packets.entries())
    expect(packet.every((byte) => byte === (index < 60 - left ? 0 : 1))).toBe(true);
  store.wipe();
  expect(store.bytes).toBe(0);
  for (const packet of packets) expect(packet.every((byte) => byte === 0)).toBe(true);
});
