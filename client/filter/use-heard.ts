import { useEffect, useState } from 'react';
import { useDesk } from '../desk/desk-context.ts';

/** What comes in all the time changes numbers at most so often: they are to be read. */
const CALM_MS = 1_000;

/** Grows when something live has changed, at most once a second; nothing is heard while it is off. */
export function useHeard(isOn = true): number {
  const { live } = useDesk();
  const [heard, setHeard] = useState(0);
  useEffect(() => {
    if (!isOn) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = live.subscribe(() => {
      timer ??= setTimeout(() => {
        timer = undefined;
        setHeard((before) => before + 1);
      }, CALM_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [live, isOn]);
  return heard;
}
