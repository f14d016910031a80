import { Day } from '#contract/figures.ts';

const SEPARATOR = { uk: '.', en: '/' } as const;

/** A day as the page's language writes it, day before month: `22.11.2026`, in English `22/11/2026`. */
export function formatDay(day: Day, language: keyof typeof SEPARATOR): string {
  return day.split('-').reverse().join(SEPARATOR[language]);
}

/** What somebody typed as a day, day before month, or as ISO 8601 writes it; undefined if there is no such day. */
export function parseDay(text: string): Day | undefined {
  const [, date, month, year] = /^(\d{1,2})[./\s-](\d{1,2})[./\s-](\d{4})$/.exec(text.trim()) ?? [];
  const iso =
    year && month && date ? `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}` : text.trim();
  const parsed = Day.safeParse(iso);
  return parsed.success ? parsed.data : undefined;
}
