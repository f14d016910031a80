import { createContext, useContext, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { createFormats, type Formats } from '../i18n/formats.ts';
import { type Language, languageOf } from '../i18n/i18n.ts';
import type { LiveState } from '../store/live-store.ts';
import type { WallViewState } from '../wall/wall-view.ts';
import type { Desk } from './desk.ts';

export const DeskContext = createContext<Desk | undefined>(undefined);

/** The desk of the signed-in person; only pages behind the sign-in have one. */
export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error('used outside of a signed-in page');
  return desk;
}

/** A narrow piece of what is live; renders again only when that piece changes. */
export function useLive<T>(select: (state: LiveState) => T): T {
  return useStore(useDesk().live, select);
}

export function useView<T>(select: (state: WallViewState) => T): T {
  return useStore(useDesk().view.store, select);
}

export function useLanguage(): Language {
  return languageOf(useTranslation().i18n);
}

/** Times and numbers in the language of the page and the time of the nation. */
export function useFormats(): Formats {
  const language = useLanguage();
  const timeZone = useLive(({ registry }) => registry?.nation.timeZone ?? 'Europe/Kyiv');
  return useMemo(() => createFormats(language, timeZone), [language, timeZone]);
}
