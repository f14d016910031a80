import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { createFormats } from '../i18n/formats.ts';
import { languageOf } from '../i18n/i18n.ts';
import type { Desk } from './desk.ts';
import { DeskContext, TextsContext } from './desk-context.ts';

/** Until the registry says which nation it is. */
const TIME_ZONE = 'Europe/Kyiv';

/** Gives the desk, and the words on it, to everything below. */
export function DeskProvider({ desk, children }: { desk: Desk; children: ReactNode }) {
  const { t, i18n } = useTranslation();
  const language = languageOf(i18n);
  const timeZone = useStore(desk.live, ({ registry }) => registry?.nation.timeZone ?? TIME_ZONE);
  const texts = useMemo(
    () => ({ t, language, formats: createFormats(language, timeZone), timeZone }),
    [t, language, timeZone],
  );
  return (
    <DeskContext value={desk}>
      <TextsContext value={texts}>{children}</TextsContext>
    </DeskContext>
  );
}
