import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { useDesk } from './desk-context.ts';

/**
 * What `read` says as time goes by, looked at once a second: another value only when it is not the same.
 *
 * Not a state that is set to what it is: React (19) keeps each such update until the component renders for another reason,
 * and parts of a wall stand for days.
 *
 * @param read the same function as long as it reads the same; it may be called in a render
 */
export function useTimed<T>(read: () => T, isSame: (before: T, now: T) => boolean = Object.is): T {
  const { ticker } = useDesk();
  const subscribe = useCallback(
    (look: () => void) =>
      ticker.add((_, textMayChange) => {
        if (textMayChange) look();
      }),
    [ticker],
  );
  const snapshot = useMemo(() => {
    let known: { value: T } | undefined;
    return () => {
      const value = read();
      if (!known || !isSame(known.value, value)) known = { value };
      return known.value;
    };
  }, [read, isSame]);
  return useSyncExternalStore(subscribe, snapshot);
}
