import type { Figures, FiguresReply, FiguresRow } from '#contract/figures.ts';

/** Figures as a table of one value a line (RFC 4180), which every spreadsheet and every program reads. */
export function toCsv({ from, to, asOf, total, rows }: FiguresReply): string {
  const head = ['from', 'to', 'as_of', 'level', 'place', 'measure', 'detail', 'value'];
  const lines = [total, ...rows].flatMap((row) =>
    measuresOf(row.figures).map(([measure, detail, value]) => [
      from,
      to,
      asOf,
      row.place.kind,
      placeName(row.place),
      measure,
      detail,
      value === null ? '' : String(value),
    ]),
  );
  return [head, ...lines]
    .map((line) => line.map(quoted).join(','))
    .join('\r\n')
    .concat('\r\n');
}

function measuresOf(figures: Figures): [measure: string, detail: string, value: number | null][] {
  const counts = (measure: string, byName: Readonly<Record<string, number | undefined>>) =>
    Object.entries(byName).map(([name, count]): [string, string, number] => [measure, name, count ?? 0]);
  const { begun, closed, personDays, heldSeconds, lawyer, checks, space } = figures;
  return [
    ...counts('cases', { begun, closed, personDays }),
    ['held_seconds', '', heldSeconds],
    ...figures.dark.map(({ cause, seconds }): [string, string, number] => ['dark_seconds', cause, seconds]),
    ...figures.limits.flatMap((one): [string, string, number | null][] => {
      const name = `${one.normSet}/${one.limit}`;
      return [
        ['limit_kept', name, one.kept],
        ['limit_late', name, one.late],
        ['limit_median_minutes', name, one.medianMinutes],
        ['limit_worst_minutes', name, one.worstMinutes],
      ];
    }),
    ...Object.entries(lawyer).map(([name, value]): [string, string, number | null] => [
      'lawyer',
      name,
      value,
    ]),
    ...counts('checks', checks),
    ...counts('complaints', figures.complaints.byKind),
    ...counts('complaints_outcome', figures.complaints.byOutcome),
    ...counts('hotline', figures.hotline.byKind),
    ...counts('hotline_outcome', figures.hotline.byOutcome),
    ...counts('force', figures.force),
    ['restraints', '', figures.restraints],
    ...counts('space_seconds', {
      all: space.seconds,
      under4: space.under4Seconds,
      under3: space.under3Seconds,
    }),
    ['space_m2', 'mean', space.meanM2],
    ['space_m2', 'least', space.leastM2],
  ];
}

function placeName(place: FiguresRow['place']): string {
  if (place.kind === 'facility') return place.facilityId;
  return place.kind === 'region' ? place.regionId : '';
}

function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
