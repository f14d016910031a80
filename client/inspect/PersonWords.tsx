import type { Person } from '#contract/custody-details.ts';
import { useTexts } from '../desk/desk-context.ts';

/** Facts about a person that norms ask about, in words; no identity. */
export function PersonWords({ person }: { person: Person | null }) {
  const { t } = useTexts();
  if (!person) return t('inspect.personUnknown');
  const words = [
    t(`inspect.${person.sex}`),
    ...(person.minor ? [t('inspect.traits.minor')] : []),
    ...(person.atRisk ? [t('inspect.traits.at-risk')] : []),
    ...(person.vulnerable ? [t('inspect.traits.vulnerable')] : []),
    ...(person.intoxicated ? [t('inspect.traits.intoxicated')] : []),
  ];
  return words.join(', ');
}
