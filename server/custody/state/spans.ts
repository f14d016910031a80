import { z } from 'zod';
import type { AreaId } from '#contract/ids.ts';

/** From when until when, milliseconds since the epoch; null while it goes on. */
export const PastSpan = z.tuple([z.int(), z.int().nullable()]);
export type PastSpan = z.infer<typeof PastSpan>;

/** A stay or a visit of one case somewhere. */
export interface PlacedSpan {
  areaId: AreaId;
  span: PastSpan;
}

/** Whether a span holds at any time of another one, ends included. */
export function touchesSpan(spans: readonly PastSpan[], fromMs: number, untilMs: number): boolean {
  return spans.some(([from, until]) => from <= untilMs && (until === null || until >= fromMs));
}

/** Whether one span holds all the time between two instants. */
export function coversSpan(spans: readonly PastSpan[], fromMs: number, untilMs: number): boolean {
  return spans.some(([from, until]) => from <= fromMs && (until === null || until >= untilMs));
}
