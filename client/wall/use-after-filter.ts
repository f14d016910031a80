import { useDeferredValue } from 'react';
import { useView } from '../desk/desk-context.ts';

/**
 * What follows from the filter, a moment after it: the letter that was typed is on the screen in the next frame, and the
 * tiles that come and go take theirs. Whatever else changes it is there at once.
 */
export function useAfterFilter<T>(value: T): T {
  const filter = useView((state) => state.filter);
  const drawn = useDeferredValue(filter);
  const later = useDeferredValue(value);
  return filter === drawn ? value : later;
}
