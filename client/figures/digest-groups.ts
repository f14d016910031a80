import type { DigestColumn } from '#contract/figures.ts';
import type { LimitInfo } from '#contract/live.ts';

/** The digest's columns as they are read: a table of each, so that it fits a sheet of A4 and is readable on it. */
export const DIGEST_GROUPS = [
  { id: 'law', columns: ['begun', 'breaches', 'guidanceLate', 'lawyerLate', 'lawyerNever'] },
  { id: 'care', columns: ['checksMissed', 'force', 'complaints', 'hotline'] },
  { id: 'time', columns: ['heldHours', 'darkHours', 'unknownHours'] },
  { id: 'space', columns: ['under4Hours', 'under3Hours', 'meanM2'] },
] as const satisfies readonly { id: string; columns: readonly DigestColumn[] }[];
export type DigestGroup = (typeof DIGEST_GROUPS)[number];

/** Where what is counted as a breach of law is written, each source once. */
export function lawSources(limits: readonly LimitInfo[], language: 'uk' | 'en'): readonly string[] {
  const ofLaw = limits.filter(({ kind, standing }) => kind !== 'duty' && standing === 'law');
  return [...new Set(ofLaw.map(({ source }) => source[language]))].toSorted((a, b) =>
    a.localeCompare(b, language),
  );
}
