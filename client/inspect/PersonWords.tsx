import type { Person } from '#contract/custody-details.ts';
import { useTexts } from '../desk/desk-context.ts';

/** Facts about a person that norms ask about, in words; no identity. */
export function PersonWords({ person }: { person: Person | null }) {
  const { t } = useTexts();
  if (!person) return t('inspect.personUnknown');
  const words = [
    t(`inspect.${person.sex}`),
    ...(person.minor ? [t('vulnerabilities.minor')] : []),
    ...(person.atRisk ? [t('vulnerabilities.at-risk')] : []),
    ...(person.vulnerable ? [t('vulnerabilities.vulnerable')] : []),
    ...(person.intoxicated ? [t('vulnerabilities.intoxicated')] : []),
  ];
  return words.join(', ');
}
