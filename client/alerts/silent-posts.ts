import type { AlertPath } from '#contract/alerts.ts';
import type { Scope } from '#contract/session.ts';
import type { Texts } from '../desk/desk-context.ts';

/** Posts that are named; the rest is counted. */
const MAX_NAMED = 5;

/** The path as far as it is this person's: whoever answers for one region has no say in another one's duty centre. */
export function pathWithin(path: AlertPath, scope: Scope): AlertPath {
  if (scope.kind === 'nation' || !path.canary?.silent) return path;
  const own = scope.kind === 'regions' ? scope.regionIds : [];
  const { silent, ...canary } = path.canary;
  const mine = silent.filter(({ regionId }) => own.includes(regionId));
  return { ...path, canary: mine.length > 0 ? { ...canary, silent: mine } : canary };
}

/** Where nobody has seen the last canary, in words. */
export function silentPlaces(
  path: AlertPath | undefined,
  { t, language }: Pick<Texts, 't' | 'language'>,
): string {
  const silent = path?.canary?.silent ?? [];
  const named = silent
    .slice(0, MAX_NAMED)
    .map(({ place, role }) => `${place[language]} (${t(`user.roles.${role}`).toLocaleLowerCase(language)})`);
  const rest = silent.length - named.length;
  return [...named, ...(rest > 0 ? [`+${rest}`] : [])].join(', ');
}
