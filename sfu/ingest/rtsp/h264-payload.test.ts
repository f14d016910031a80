import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aggregate, fitInto, isUsable, unitsOf } from './h264-payload.ts';

/** A unit of one of the types that come alone, with a body that is not empty. */
const unit = fc
  .record({
    type: fc.integer({ min: 1, max: 12 }),
    importance: fc.nat(3),
    body: fc.uint8Array({ minLength: 1, maxLength: 6_000 }),
  })
  .map(({ type, importance, body }) => Buffer.concat([Buffer.from([(importance << 5) | type]), body]));

/** What a receiver makes of payloads in their order (RFC 6184, 5.8). */
function reassemble(payloads: readonly Buffer[]): Buffer[] {
  const units: Buffer[] = [];
  let parts: Buffer[] = [];
  for (const payload of payloads) {
    const type = (payload[0] ?? 0) & 0x1f;
    if (type !== 28) {
      units.push(payload);
      continue;
    }
    const head = payload[1] ?? 0;
    if (head & 0x80) parts = [Buffer.from([((payload[0] ?? 0) & 0xe0) | (head & 0x1f)])];
    parts.push(payload.subarray(2));
    if (head & 0x40) units.push(Buffer.concat(parts));
  }
  return units;
}

describe('fitInto', () => {
  it('cuts a unit into fragments from which the same unit comes', () => {
    fc.assert(
      fc.property(unit, fc.integer({ min: 20, max: 1_400 }), (whole, most) => {
        const payloads = fitInto(whole, most);
        for (const payload of payloads) expect(payload.length).toBeLessThanOrEqual(most);
        const [again, ...more] = reassemble(payloads);
        expect(again?.equals(whole)).toBe(true);
        expect(more).toEqual([]);
      }),
    );
  });

  it('cuts fragments again, with the start at the first and the end at the last only', () => {
    fc.assert(
      fc.property(unit, (whole) => {
        const payloads = fitInto(whole, 1_500).flatMap((payload) => fitInto(payload, 400));
        for (const payload of payloads) expect(payload.length).toBeLessThanOrEqual(400);
        expect(reassemble(payloads)[0]?.equals(whole)).toBe(true);
        const started = payloads.filter((it) => ((it[0] ?? 0) & 0x1f) === 28 && ((it[1] ?? 0) & 0x80) !== 0);
        expect(started.length).toBe(payloads.length > 1 ? 1 : 0);
      }),
    );
  });

  it('takes an aggregate apart that is too long', () => {
    const units = [Buffer.from([0x67, 1, 2]), Buffer.alloc(900, 0x68), Buffer.alloc(900, 0x65)];
    expect(reassemble(fitInto(aggregate(units), 1_200))).toEqual(units);
  });
});

describe('unitsOf', () => {
  it('sees the units of an aggregate, and none in what is cut short', () => {
    fc.assert(
      fc.property(fc.array(unit, { minLength: 1, maxLength: 4 }), fc.nat(40), (units, missing) => {
        const whole = aggregate(units);
        expect(unitsOf(whole).map(({ bytes }) => bytes)).toEqual(units);
        const cut = unitsOf(whole.subarray(0, Math.max(1, whole.length - 1 - missing)));
        expect(cut.length).toBeLessThan(units.length);
      }),
    );
  });

  it('sees a fragmented unit in its first fragment only', () => {
    const payloads = fitInto(Buffer.alloc(3_000, 0x65), 1_000);
    expect(payloads.map((payload) => unitsOf(payload).map(({ type }) => type))).toEqual([[5], [], [], []]);
  });

  it('throws at nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const payload = Buffer.from(bytes);
        unitsOf(payload);
        fitInto(payload, 20);
      }),
    );
  });
});

describe('isUsable', () => {
  it('takes what packetization-mode 1 has', () => {
    const types = Array.from({ length: 32 }, (_, type) => type);
    const usable = types.filter((type) => isUsable(Buffer.from([type, 0x80, 1])));
    expect(usable).toEqual([...types.slice(1, 25), 28]);
  });
});
