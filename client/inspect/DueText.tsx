import { useCallback } from 'react';
import { formatSpan } from '../clock/countdown.ts';
import { Ticking } from '../design/Ticking.tsx';
import { useTexts } from '../desk/desk-context.ts';
import type { RoomDue } from './check-order.ts';
import { useInspect } from './inspect-context.ts';

/** When a room's next check is due, in words; it counts. */
export function DueText({ due, className }: { due: RoomDue; className?: string | undefined }) {
  const { t, language } = useTexts();
  const { outbox } = useInspect();
  const { dueMs, isEstimate } = due;
  const text = useCallback(() => {
    if (dueMs === undefined) return t('inspect.noCheck');
    const leftMs = dueMs - outbox.clock.nowMs();
    const span = formatSpan(Math.abs(leftMs), language);
    if (leftMs < 0) return t('inspect.overdue', { span });
    return isEstimate ? t('inspect.dueAbout', { span }) : t('inspect.dueIn', { span });
  }, [dueMs, isEstimate, outbox, language, t]);
  return <Ticking text={text} className={className} />;
}
