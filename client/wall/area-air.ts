import { AreaView } from '#contract/areas.ts';
import type { Air } from '#contract/conditions.ts';
import type { AreaId } from '#contract/ids.ts';
import type { Api } from '../session/api.ts';

/** The air of an area, asked for by itself: a page is told without asking only of air that is out of the ordinary. */
export type ReadAir = (areaId: AreaId, signal: AbortSignal) => Promise<Air | undefined>;

const Answer = AreaView.pick({ air: true });

/** Undefined where nothing is measured, and while the server does not answer. */
export function createReadAir(api: Pick<Api, 'call'>): ReadAir {
  return async (areaId, signal) => {
    const answer = await api.call(`/api/v1/areas/${areaId}`, { reply: Answer, signal });
    return answer.ok ? answer.value.air : undefined;
  };
}
