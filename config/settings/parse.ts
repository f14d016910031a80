import type { z } from 'zod';

/** One line for each setting that is wrong or missing. */
export class SettingsError extends Error {
  constructor(problems: readonly string[]) {
    super(`Settings are not right:\n${problems.map((line) => `  ${line}`).join('\n')}`);
    this.name = 'SettingsError';
  }
}

/** Parses an environment once; the result is frozen. Variables that no setting names are none of our business. */
export function parseSettings<T extends z.ZodType>(
  schema: T,
  environment: Record<string, string | undefined>,
): Readonly<z.infer<T>> {
  const filled = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(filled);
  if (!parsed.success) {
    throw new SettingsError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  }
  return Object.freeze(parsed.data);
}
