import { cpus, totalmem } from 'node:os';
import { BARS, type Bar } from './bars.ts';

/** What a benchmark found for one bar. */
export interface Figure {
  id: Bar['id'];
  figure: number;
  note?: string;
}

export interface BarResult {
  id: string;
  what: string;
  /** Null when nothing measured it in this run. */
  figure: number | null;
  unit: string;
  bar: string;
  ok: boolean;
  note?: string;
}

export interface Report {
  machine: { cores: number; model: string; memoryGiB: number; node: string };
  at: string;
  bars: BarResult[];
}

/** Joins figures to the bars; a bar without a figure is not met, and says so. Throws on a figure that no bar knows. */
export function createReport(figures: readonly Figure[], at: Date): Report {
  const unknown = figures.find(({ id }) => !BARS.some((bar) => bar.id === id));
  if (unknown) throw new TypeError(`no bar is called ${unknown.id}`);
  const processors = cpus();
  return {
    machine: {
      cores: processors.length,
      model: processors[0]?.model ?? 'unknown',
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      node: process.version,
    },
    at: at.toISOString(),
    bars: BARS.map((bar) =>
      toResult(
        bar,
        figures.find(({ id }) => id === bar.id),
      ),
    ),
  };
}

function toResult({ id, what, unit, bar, holds }: Bar, found: Figure | undefined): BarResult {
  if (!found) return { id, what, figure: null, unit, bar, ok: false, note: 'not measured in this run' };
  const figure = Number(found.figure.toPrecision(4));
  return {
    id,
    what,
    figure,
    unit,
    bar,
    ok: holds(found.figure),
    ...(found.note ? { note: found.note } : {}),
  };
}

/** The bars that were measured, as a table for people; the file has them all. */
export function toTable(report: Report): string {
  const measured = report.bars.filter(({ figure }) => figure !== null);
  const rows = measured.map(({ id, figure, unit, bar, ok, note }) => [
    ok ? 'met' : 'MISSED',
    id,
    `${figure} ${unit}`.trim(),
    `${bar} ${unit}`.trim(),
    note ?? '',
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const table = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const rest = report.bars.length - measured.length;
  return [
    ...table,
    ...(rest > 0 ? [`${rest} of ${report.bars.length} bars not measured in this run`] : []),
  ].join('\n');
}
