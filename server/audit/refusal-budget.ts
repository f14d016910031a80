/** Refusals of one actor that are recorded in a window. */
const PER_ACTOR = 20;
/** Refusals of all actors together that this replica records in a window. */
const IN_ALL = 300;
const WINDOW_MS = 60_000;
/** Actors that are remembered in a window; those beyond share one budget. */
const MAX_ACTORS = 1_000;

const OTHERS = 'others';

/** Whether a refusal is recorded, and how many of the same actor were left out since the last one that was. */
export type Budgeted = { record: false } | { record: true; leftOut: number };

/** How many refusals get into the audit, so that asking for what one may not have cannot fill it. */
export interface RefusalBudget {
  take(actor: string): Budgeted;
}

/** A budget per minute. Refusals of one window that were left out are told with the actor's first one of the next. */
export function createRefusalBudget(now: () => number): RefusalBudget {
  let window = -1;
  let recorded = 0;
  let actors = new Map<string, { recorded: number; leftOut: number }>();

  const startWindow = () => {
    const debts = [...actors].filter(([, { leftOut }]) => leftOut > 0);
    actors = new Map(debts.map(([actor, { leftOut }]) => [actor, { recorded: 0, leftOut }]));
    recorded = 0;
  };

  return {
    take(actor) {
      const current = Math.floor(now() / WINDOW_MS);
      if (current !== window) {
        window = current;
        startWindow();
      }
      const name = actors.has(actor) || actors.size < MAX_ACTORS ? actor : OTHERS;
      const account = actors.get(name) ?? { recorded: 0, leftOut: 0 };
      actors.set(name, account);
      if (recorded >= IN_ALL || account.recorded >= PER_ACTOR) {
        account.leftOut += 1;
        return { record: false };
      }
      const { leftOut } = account;
      recorded += 1;
      account.recorded += 1;
      account.leftOut = 0;
      return { record: true, leftOut };
    },
  };
}
