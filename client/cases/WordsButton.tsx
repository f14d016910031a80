import { EyeOff, StickyNote } from 'lucide-react';
import { useEffect, useState } from 'react';
import { type CaseDetail, type EventWords, ReadWordsReply } from '#contract/cases.ts';
import type { EventId } from '#contract/ids.ts';
import { Button } from '../design/Button.tsx';
import { useTexts } from '../desk/desk-context.ts';
import { PersonalDialog } from './PersonalDialog.tsx';
import { SHOWN_MS } from './use-shown-for.ts';

type Words = ReadonlyMap<EventId, EventWords>;

interface WordsButtonProps {
  detail: CaseDetail;
  words: Words | undefined;
  onWords(words: Words | undefined): void;
}

/** Notes and reasons may name somebody: they are shown for a purpose, and hidden again as personal data is. */
export function WordsButton({ detail: { summary }, words, onWords }: WordsButtonProps) {
  const { t } = useTexts();
  const [asking, setAsking] = useState(false);
  useEffect(() => {
    if (!words) return undefined;
    const timer = setTimeout(() => onWords(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [words, onWords]);
  if (words)
    return (
      <Button look="quiet" onClick={() => onWords(undefined)}>
        <EyeOff size="1rem" aria-hidden="true" />
        {t('case.hideNotes')}
      </Button>
    );
  return (
    <>
      <Button look="quiet" onClick={() => setAsking(true)}>
        <StickyNote size="1rem" aria-hidden="true" />
        {t('case.showNotes')}
      </Button>
      {asking ? (
        <PersonalDialog
          facilityId={summary.facilityId}
          caseId={summary.caseId}
          what="notes"
          reply={ReadWordsReply}
          onClose={() => setAsking(false)}
          onRead={({ items }) => {
            onWords(new Map(items.map((one) => [one.id, one])));
            setAsking(false);
          }}
        />
      ) : null}
    </>
  );
}
