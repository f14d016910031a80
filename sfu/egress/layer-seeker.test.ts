import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type LayerPosition, LayerSeeker } from './layer-seeker.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function create(first: Partial<LayerPosition> = {}) {
  const position: LayerPosition = { current: 0, preferred: 1, available: true, ...first };
  const said: number[] = [];
  const consumer = {
    async setPreferredLayers({ spatialLayer }: { spatialLayer: number }) {
      said.push(spatialLayer);
    },
  };
  return { position, said, seeker: new LayerSeeker(consumer, () => position) };
}

describe('LayerSeeker', () => {
  it('reminds the worker, ever more rarely, until the layer is there', () => {
    const { position, said, seeker } = create();
    seeker.look();
    vi.advanceTimersByTime(250);
    expect(said).toEqual([0, 1]);
    vi.advanceTimersByTime(499);
    expect(said).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(said).toHaveLength(4);
    vi.advanceTimersByTime(10_000);
    expect(said.length).toBeLessThanOrEqual(2 * (2 + 1 + 5));
    const before = said.length;
    position.current = 1;
    seeker.look();
    vi.advanceTimersByTime(10_000);
    expect(said).toHaveLength(before);
  });

  it.each([
    ['gets the layer that it prefers', { current: 1 }],
    ['gets nothing yet', { current: undefined }],
    ['prefers a layer of which nothing comes', { available: false }],
  ])('leaves a consumer in peace that %s', (_what, position) => {
    const { said, seeker } = create(position);
    seeker.look();
    vi.advanceTimersByTime(10_000);
    expect(said).toEqual([]);
  });

  it('looks again before it speaks', () => {
    const { position, said, seeker } = create();
    seeker.look();
    position.available = false;
    vi.advanceTimersByTime(10_000);
    expect(said).toEqual([]);
  });

  it('is silent after its end', () => {
    const { said, seeker } = create();
    seeker.look();
    seeker[Symbol.dispose]();
    vi.advanceTimersByTime(10_000);
    expect(said).toEqual([]);
  });
});
