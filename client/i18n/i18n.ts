import { createInstance, type i18n as I18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { z } from 'zod';
import { en } from './en.ts';
import { uk } from './uk.ts';

export const LANGUAGES = ['uk', 'en'] as const;
export const Language = z.enum(LANGUAGES);
export type Language = z.infer<typeof Language>;

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof uk };
  }
}

const STORED_AS = 'varta.language';

/** The language that the URL asks for, else the one chosen before, else Ukrainian. */
export function chooseLanguage(query: URLSearchParams, storage: Pick<Storage, 'getItem'>): Language {
  for (const wish of [query.get('lang'), storage.getItem(STORED_AS)]) {
    const parsed = Language.safeParse(wish);
    if (parsed.success) return parsed.data;
  }
  return 'uk';
}

export function rememberLanguage(language: Language, storage: Pick<Storage, 'setItem'>): void {
  storage.setItem(STORED_AS, language);
}

/** Texts are part of the program: nothing is loaded, nothing can be missing at run time. */
export function createI18n(language: Language): I18n {
  const i18n = createInstance();
  void i18n.use(initReactI18next).init({
    resources: { uk: { translation: uk }, en: { translation: en } },
    lng: language,
    fallbackLng: 'uk',
    supportedLngs: [...LANGUAGES],
    // React escapes what it renders.
    interpolation: { escapeValue: false },
    initAsync: false,
  });
  return i18n;
}

/** The language of a running instance. */
export function languageOf(i18n: I18n): Language {
  return Language.safeParse(i18n.language).data ?? 'uk';
}
