import type { StoredEvent } from '#contract/custody-events.ts';
import type { AreaId } from '#contract/ids.ts';
import type { AreaKind } from '#contract/nation.ts';
import type { AreaHistory } from '../../custody/state/area-history.ts';
import type { CaseView } from '../../custody/state/case-view.ts';
import type { Calendar } from '../../custody/state/local-day.ts';
import { touchesSpan } from '../../custody/state/spans.ts';
import type { Finding } from '../finding.ts';
import { bearsOnGate, lookAtGate } from './record-and-video.ts';

type Visited = Pick<CaseView, 'visits'>;
type Told = Pick<StoredEvent, 'event' | 'receivedAt'>;

/** The areas that events of a case close, keep closed or open: the one that they name, or where the person is. */
export function visitedAreas(view: Visited, told: readonly Told[]): AreaId[] {
  return [...new Set(told.flatMap((stored) => areasOf(view, stored)))];
}

/** Whether the areas of a person's visits are closed too often or too long, wherever these were and whoever named it. */
export function lookAtVisits(
  view: Visited,
  told: readonly Told[],
  given: {
    histories: ReadonlyMap<AreaId, AreaHistory>;
    kindOf(areaId: AreaId): AreaKind | undefined;
    calendar: Calendar;
  },
): Finding[] {
  return told.flatMap((stored) =>
    areasOf(view, stored).flatMap((id) => {
      const kind = given.kindOf(id);
      const past = { history: given.histories.get(id) };
      return kind ? lookAtGate(stored, { area: { id, kind }, ...past }, given.calendar) : [];
    }),
  );
}

function areasOf({ visits }: Visited, stored: Told): AreaId[] {
  if (!bearsOnGate(stored)) return [];
  const atMs = Date.parse(stored.event.occurredAt);
  return visits.flatMap(({ areaId, span }) => (touchesSpan([span], atMs, atMs) ? [areaId] : []));
}
