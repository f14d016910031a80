/** What is in each slot of a page; undefined where there is nothing yet. */
export type Slots<T> = readonly (T | undefined)[];

/**
 * One step from what is shown to what is wanted, with at most so many that were not there before. What stays goes to its
 * place at once; a place that waits keeps what was in it, unless that goes elsewhere. The wanted list itself when it is whole.
 */
export function paced<T>(before: Slots<T>, wanted: readonly T[], most: number): Slots<T> {
  const were = new Set(before);
  const stay = new Set(wanted);
  let [come, waiting] = [0, 0];
  const slots = wanted.map((one, slot) => {
    if (were.has(one)) return one;
    if (come < most) {
      come += 1;
      return one;
    }
    waiting += 1;
    const old = before[slot];
    return old === undefined || stay.has(old) ? undefined : old;
  });
  return waiting === 0 ? wanted : slots;
}
