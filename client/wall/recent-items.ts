import { type AreaMoment, type AreaRecent, RECENT_MS } from '#contract/area-recent.ts';
import type { Flag, FlagState } from '#contract/flags.ts';

/** A line of an area's last hour. */
export type RecentItem = { key: string; at: string } & (
  | AreaMoment
  | {
      kind: 'flag';
      step: FlagState;
      category: Flag['category'];
      severity: Flag['severity'];
      assignee: string;
    }
);

/** What happened in an area and with its flags in the last hour before an instant of the server's clock; newest first. */
export function recentItems(
  recent: Pick<AreaRecent, 'items'>,
  flags: readonly Flag[],
  nowMs: number,
): RecentItem[] {
  const moments = recent.items.map(
    (moment, index): RecentItem => ({ ...moment, key: `${moment.kind} ${moment.at} ${index}` }),
  );
  const steps = flags.flatMap(({ id, category, severity, history }) =>
    history.map(
      ({ at, state, assignee = '' }, index): RecentItem => ({
        kind: 'flag',
        key: `flag ${id} ${index}`,
        at,
        step: state,
        category,
        severity,
        assignee,
      }),
    ),
  );
  return [...moments, ...steps]
    .filter(({ at }) => Date.parse(at) >= nowMs - RECENT_MS)
    .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
}
