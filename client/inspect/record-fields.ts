import { AREA_DETAILS, ComplaintKind, ForceKind, IncidentKind } from '#contract/custody-details.ts';
import type { FieldName, Form } from './forms.ts';
import { type Draft, MIN_REASON } from './record.ts';

/** What a person has put into a form, as text. */
export type Filled = Readonly<Partial<Record<ValueName, string>>>;
export type ValueName = Exclude<FieldName, 'conditions'> | 'note' | (typeof MEASURES)[number]['name'];

/** Fields that are chosen from a list; the contract's values. */
export const CHOICES = {
  complaintKind: ComplaintKind.options,
  forceKind: ForceKind.options,
  incidentKind: IncidentKind.options,
} as const;

/** What is measured, with the bounds of the contract. */
export const MEASURES = [
  { name: 'temperatureC', ...boundsOf(AREA_DETAILS.temperatureC) },
  { name: 'co2Ppm', ...boundsOf(AREA_DETAILS.co2Ppm) },
  { name: 'humidityPct', ...boundsOf(AREA_DETAILS.humidityPct) },
] as const;

function boundsOf(schema: typeof AREA_DETAILS.temperatureC): { low: number; high: number } {
  const { minValue, maxValue } = schema.unwrap();
  return { low: minValue ?? Number.NEGATIVE_INFINITY, high: maxValue ?? Number.POSITIVE_INFINITY };
}

/** What a form still lacks, or undefined when it can be recorded. */
export type Lack = { name: ValueName | 'conditions'; why: 'choose' | 'short' | 'bounds' | 'one' };

export function lackOf(form: Form, filled: Filled): Lack | undefined {
  for (const field of form.fields) {
    if (field === 'complaintKind' || field === 'forceKind' || field === 'incidentKind') {
      if (!filled[field]) return { name: field, why: 'choose' };
    } else if (field === 'conditions') {
      const lack = lackOfMeasures(filled);
      if (lack) return lack;
    } else if (filled.reason && filled.reason.trim().length < MIN_REASON) {
      return { name: 'reason', why: 'short' };
    }
  }
  const note = filled.note?.trim() ?? '';
  return form.needsNote && note.length < MIN_REASON ? { name: 'note', why: 'short' } : undefined;
}

function lackOfMeasures(filled: Filled): Lack | undefined {
  const given = MEASURES.filter(({ name }) => filled[name]?.trim());
  const wrong = given.find(({ name, low, high }) => {
    const value = toNumber(filled[name] ?? '');
    return Number.isNaN(value) || value < low || value > high;
  });
  if (wrong) return { name: wrong.name, why: 'bounds' };
  return given.length === 0 ? { name: 'conditions', why: 'one' } : undefined;
}

/** A number as people here write it, with a comma or a point. */
export function toNumber(text: string): number {
  const tidy = text.trim().replace(',', '.').replace('−', '-');
  return tidy === '' ? Number.NaN : Number(tidy);
}

/** The event's own fields of what was filled in; to be joined with the event's type and place. */
export function detailsOf(form: Form, filled: Filled): Record<string, string | number> {
  const details: Record<string, string | number> = {};
  for (const field of form.fields) {
    if (field === 'conditions') {
      for (const { name } of MEASURES) {
        const text = filled[name]?.trim();
        if (text) details[name] = toNumber(text);
      }
    } else {
      const text = filled[field]?.trim();
      if (text) details[field] = text;
    }
  }
  const note = filled.note?.trim();
  if (note) details.note = note;
  return details;
}

/** What a record that was written already says, to be put right. */
export function filledOf(draft: Draft): Filled {
  const names: readonly ValueName[] = [
    'note',
    'complaintKind',
    'forceKind',
    'incidentKind',
    'reason',
    ...MEASURES.map(({ name }) => name),
  ];
  const values = draft as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = values[name];
      return value === undefined ? [] : [[name, String(value)]];
    }),
  );
}
