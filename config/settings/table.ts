import type { z } from 'zod';
import { EdgeSettings } from './edge.ts';
import { SampleSettings } from './sample.ts';
import { ServerSettings } from './server.ts';
import { SfuSettings } from './sfu.ts';

const PROGRAMS = {
  server: ServerSettings,
  sfu: SfuSettings,
  edge: EdgeSettings,
  sample: SampleSettings,
} as const;

/** Every setting of every program as a Markdown table, from the schemas themselves. The README carries it. */
export function settingsTable(): string {
  const rows = new Map<string, { programs: string[]; what: string; fallback: string }>();
  for (const [program, schema] of Object.entries(PROGRAMS)) {
    for (const [name, setting] of Object.entries(schema.shape) as [string, z.ZodType][]) {
      const row = rows.get(name) ?? {
        programs: [],
        what: setting.description ?? '',
        fallback: fallbackOf(setting),
      };
      row.programs.push(program);
      rows.set(name, row);
    }
  }
  const lines = [...rows].map(
    ([name, { programs, what, fallback }]) =>
      `| \`${name}\` | ${fallback} | ${programs.join(', ')} | ${what} |`,
  );
  return ['| setting | default | read by | what it is |', '|---|---|---|---|', ...lines].join('\n');
}

/** What holds when the variable is not set: a value, nothing, or a refusal to start. */
function fallbackOf(setting: z.ZodType): string {
  const parsed = setting.safeParse(undefined);
  if (!parsed.success) return '**needed**';
  return parsed.data === undefined ? '–' : `\`${String(parsed.data)}\``;
}
