import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linesOf } from './lines.ts';

async function collect(text: string, cuts: readonly number[], maxBytes = 1_000): Promise<(string | null)[]> {
  const bytes = Buffer.from(text);
  const bounds = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  async function* pieces() {
    for (const [index, from] of [0, ...bounds].entries())
      yield bytes.subarray(from, bounds[index] ?? bytes.length);
  }
  const found: (string | null)[] = [];
  for await (const line of linesOf(pieces(), maxBytes)) found.push(line.ok ? line.text : null);
  return found;
}

test('lines are the same however the text is cut, inside letters too', async () => {
  const line = fc.string({ unit: 'grapheme', maxLength: 30 }).filter((one) => !/[\r\n]/.test(one));
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.array(fc.nat(), { maxLength: 20 }), async (lines, cuts) => {
      const wanted = lines.map((one) => one.trim()).filter((one) => one !== '');
      expect(await collect(lines.join('\n'), cuts)).toEqual(wanted);
      expect(await collect(`${lines.join('\r\n')}\r\n`, cuts)).toEqual(wanted);
    }),
    { numRuns: 200 },
  );
});

test('a line that is too long is told, and the next one is read', async () => {
  const long = 'x'.repeat(5_000);
  for (const cuts of [[], [10, 900, 2_500, 5_001], [5_002]])
    expect(await collect(`a\n${long}\nb`, cuts)).toEqual(['a', null, 'b']);
  expect(await collect('x'.repeat(1_000), [])).toHaveLength(1);
  expect(await collect(`${'x'.repeat(1_001)}`, [500])).toEqual([null]);
});
