import { expect, it } from 'vitest';
import { LayerRates } from './layer-rates.ts';

/** A camera that sends so many bytes in ten packets a second. */
function play(rates: LayerRates, ...bytesPerSecond: number[]) {
  let [bytes, packets, atMs] = [0, 0, 0];
  const note = () => rates.note('cell', 'low', { bytes, packets, countedAtMs: 7_000 + atMs }, atMs);
  note();
  for (const sent of bytesPerSecond) {
    bytes += sent;
    packets += sent > 0 ? 10 : 0;
    atMs += 1_000;
    note();
  }
}
/** With headers, and a twentieth for reports and repeats. */
const onUplink = (bytesPerSecond: number) => (bytesPerSecond + 10 * 44) * 8 * 1.05;

it('what nobody has seen yet is taken to be as cameras are to be set', () => {
  const rates = new LayerRates();
  expect([rates.costBps('cell', 'low', 0), rates.costBps('cell', 'high', 0)]).toEqual([180_000, 1_400_000]);
});

it('the most of the last ten seconds counts, with the headers that the uplink carries', () => {
  const rates = new LayerRates();
  play(rates, 20_000, 12_000, 15_000);
  expect(rates.costBps('cell', 'low', 3_000)).toBeCloseTo(onUplink(20_000));
  play(rates, ...Array<number>(10).fill(12_000));
  expect(rates.costBps('cell', 'low', 10_000)).toBeCloseTo(onUplink(12_000));
});

it('a layer that does not flow is remembered as it was, also when its port is opened anew', () => {
  const rates = new LayerRates();
  play(rates, 20_000, 0, 0, 0);
  play(rates);
  expect(rates.costBps('cell', 'low', 4_000)).toBeCloseTo(onUplink(20_000));
  expect(rates.costBps('cell', 'low', 3_600_000)).toBeCloseTo(onUplink(20_000));
});

it('of a layer that was looked at briefly and is opened anew later, the time between says nothing', () => {
  const rates = new LayerRates();
  const note = (second: number, bytes: number) =>
    rates.note('cell', 'low', { bytes, packets: bytes / 2_000, countedAtMs: second * 1_000 }, second * 1_000);
  note(0, 2_000);
  note(60, 20_000);
  expect(rates.costBps('cell', 'low', 60_000)).toBe(180_000);
  note(61, 40_000);
  expect(rates.costBps('cell', 'low', 61_000)).toBeCloseTo(onUplink(20_000));
});

it('a peak of what does not flow any more melts away within a minute, to what is expected of any camera', () => {
  const rates = new LayerRates();
  play(rates, 100_000, 20_000);
  const peak = onUplink(100_000);
  expect(rates.costBps('cell', 'low', 10_000)).toBeCloseTo(peak);
  const melting = [20, 30, 40, 50].map((seconds) => rates.costBps('cell', 'low', seconds * 1_000));
  expect(melting).toEqual(melting.toSorted((a, b) => b - a));
  expect(melting[0]).toBeLessThan(peak);
  expect(melting.at(-1)).toBeGreaterThan(180_000);
  for (const seconds of [61, 3_600])
    expect(rates.costBps('cell', 'low', seconds * 1_000)).toBeCloseTo(180_000);
});

it('an answer that comes late says what was sent by when it was counted, and one that comes early waits', () => {
  const rates = new LayerRates();
  const note = (second: number, lateMs: number) =>
    rates.note(
      'cell',
      'low',
      { bytes: 20_000 * second, packets: 10 * second, countedAtMs: second * 1_000 },
      second * 1_000 + lateMs,
    );
  note(0, 400);
  note(1, 0);
  note(1.5, 0);
  note(2, 400);
  note(3, 10);
  expect(rates.costBps('cell', 'low', 3_010)).toBeCloseTo(onUplink(20_000));
});
