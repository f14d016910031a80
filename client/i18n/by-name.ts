import type { LocalText } from '#contract/ids.ts';
import type { Language } from './i18n.ts';

/** Compares two names as people of a language look for them in a list: by its alphabet, and numbers by their worth. */
export function nameOrder(language: Language): (a: string, b: string) => number {
  return new Intl.Collator(language, { numeric: true }).compare;
}

/** The same for things that have a name in each language. */
export function byName(language: Language): (a: { name: LocalText }, b: { name: LocalText }) => number {
  const compare = nameOrder(language);
  return (a, b) => compare(a.name[language], b.name[language]);
}
