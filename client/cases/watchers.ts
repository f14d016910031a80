import type { CaseViewing } from '#contract/cases.ts';

/** Somebody who watched, with everything that they saw, newest first. */
export interface Watcher {
  name: string;
  seconds: number;
  viewings: readonly CaseViewing[];
}

/** Who watched, longest first. */
export function watchersOf(viewings: readonly CaseViewing[]): Watcher[] {
  return [...Map.groupBy(viewings, ({ by }) => by.id)]
    .map(([name, own]) => ({
      name,
      seconds: own.reduce((sum, { seconds }) => sum + seconds, 0),
      viewings: own.toSorted((a, b) => Date.parse(b.from) - Date.parse(a.from)),
    }))
    .toSorted((a, b) => b.seconds - a.seconds);
}
