import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Picture } from './picture.ts';
import { SealedPictures } from './sealed-pictures.ts';

const FORMAT = { codec: 'vp8', codecString: 'vp8', width: 320, height: 180 } as const;

function picture(atMs: number, isKey: boolean): Picture {
  return {
    bytes: Buffer.from(`picture at ${atMs}`),
    format: isKey ? FORMAT : undefined,
    timestamp: atMs * 90,
    atMs,
    layer: 'low',
  };
}

test('what is asked for begins with a keyframe at or before its beginning, ends before its end, and lacks nothing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }),
      fc.nat({ max: 45 }),
      fc.nat({ max: 45 }),
      (keys, fromMs, untilMs) => {
        const sealed = new SealedPictures();
        for (const [atMs, isKey] of keys.entries()) sealed.add(picture(atMs, isKey));
        const open = [...sealed.open({ fromMs, untilMs })];
        const before = keys.findLastIndex((isKey, index) => isKey && index <= fromMs);
        const start = before === -1 ? keys.indexOf(true) : before;
        const wanted =
          start === -1
            ? []
            : keys
                .map((_, index) => index)
                .slice(start)
                .filter((at) => at < untilMs);
        expect(open.map(({ atMs }) => atMs)).toEqual(wanted);
        for (const one of open) expect(one).toEqual(picture(one.atMs, keys[one.atMs] === true));
      },
    ),
  );
});

test('nothing can be read of what was wiped, and nothing is added to it', () => {
  const sealed = new SealedPictures();
  sealed.add(picture(1, true));
  const reading = sealed.open({ fromMs: 0, untilMs: Infinity });
  sealed.wipe();
  sealed.add(picture(2, true));
  expect([...sealed.open({ fromMs: 0, untilMs: Infinity })]).toEqual([]);
  expect([...reading]).toEqual([]);
  expect([sealed.size, sealed.bytes, sealed.fromMs]).toEqual([0, 0, undefined]);
});
