import type { Clock } from '#contract/clocks.ts';
import type { LimitInfo } from '#contract/live.ts';
import { limitKey } from '../store/registry.ts';

/**
 * The limit that stands in the place of a shadowed clock: one of the same person whose body of norms shadows it; when that
 * has been met already, any limit of the body of norms that does. Undefined when this page knows of none.
 */
export function inPlaceOf(
  clock: Clock,
  own: readonly Clock[],
  limits: Readonly<Record<string, LimitInfo>>,
): LimitInfo | undefined {
  const key = limitKey(clock);
  const stands = (limit: LimitInfo | undefined) => limit?.shadows?.includes(key) ?? false;
  return own.map((one) => limits[limitKey(one)]).find(stands) ?? Object.values(limits).find(stands);
}
