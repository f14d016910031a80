import { useCallback, useEffect, useState } from 'react';
import { formatSpan } from '../clock/countdown.ts';
import { useDesk, useTexts } from '../desk/desk-context.ts';

/** Names do not stand on a screen that nobody reads any more. */
export const SHOWN_MS = 5 * 60_000;

/** Something that is shown for {@link SHOWN_MS}, or until it is hidden; held by one component and nowhere else. */
export function useShownFor<T>() {
  const { t, language } = useTexts();
  const { monotonicMs } = useDesk();
  const [shown, setShown] = useState<{ value: T; untilMs: number }>();
  const hide = useCallback(() => setShown(undefined), []);
  const show = useCallback(
    (value: T) => setShown({ value, untilMs: monotonicMs() + SHOWN_MS }),
    [monotonicMs],
  );
  useEffect(() => {
    if (!shown) return undefined;
    const timer = setTimeout(hide, shown.untilMs - monotonicMs());
    return () => clearTimeout(timer);
  }, [shown, hide, monotonicMs]);
  const untilMs = shown?.untilMs ?? 0;
  /** In how long it goes. */
  const left = useCallback(
    () => t('personal.hidesIn', { span: formatSpan(untilMs - monotonicMs(), language) }),
    [untilMs, monotonicMs, language, t],
  );
  return { shown: shown?.value, show, hide, left };
}
