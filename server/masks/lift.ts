import type { MaskBody } from '#contract/mask.ts';
import type { Area } from '#contract/nation.ts';
import type { AreaStatus } from '#contract/status.ts';
import { MASK_LIFT_LEVEL, MASK_LIFT_MAX_MINUTES } from '../../config/gate/mask.ts';

export type MaskStep =
  | { ok: true; untilMs: number | undefined }
  | { ok: false; code: 'conflict' | 'limit_reached'; message: string };

/** What becomes of the mask of an area when somebody asks for this. */
export function stepMask(
  area: Pick<Area, 'privacy' | 'feeds'>,
  status: Pick<AreaStatus, 'observation'> | undefined,
  { body, nowMs }: { body: MaskBody; nowMs: number },
): MaskStep {
  if (area.privacy !== 'masked' || !area.feeds.some(({ masks }) => masks))
    return { ok: false, code: 'conflict', message: 'nothing of this area is covered by nodes' };
  if (body.act === 'restore') return { ok: true, untilMs: undefined };
  if ((status?.observation ?? 1) < MASK_LIFT_LEVEL)
    return { ok: false, code: 'conflict', message: 'nobody inside is under constant observation' };
  if (body.minutes > MASK_LIFT_MAX_MINUTES)
    return { ok: false, code: 'limit_reached', message: `at most ${MASK_LIFT_MAX_MINUTES} minutes` };
  return { ok: true, untilMs: nowMs + body.minutes * 60_000 };
}
