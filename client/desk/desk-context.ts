import type { TFunction } from 'i18next';
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { Formats } from '../i18n/formats.ts';
import type { Language } from '../i18n/i18n.ts';
import type { LiveState } from '../store/live-store.ts';
import type { WallViewState } from '../wall/wall-view.ts';
import type { Desk } from './desk.ts';

/** Words, times and numbers in the language of the page and the time of the nation. */
export interface Texts {
  t: TFunction;
  language: Language;
  formats: Formats;
  /** Of the nation, as IANA names it. */
  timeZone: string;
}

export const DeskContext = createContext<Desk | undefined>(undefined);
export const TextsContext = createContext<Texts | undefined>(undefined);

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

/** Made once for the whole page: sixty tiles need not each make their own. */
export function useTexts(): Texts {
  const texts = useContext(TextsContext);
  if (!texts) throw new Error('used outside of a signed-in page');
  return texts;
}
