import { NotebookPen } from 'lucide-react';
import { useState } from 'react';
import type { Flag } from '#contract/flags.ts';
import { Button } from '../design/Button.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { mayDo } from '../session/session.ts';
import { CallDialog } from './CallDialog.tsx';
import { LastCall } from './LastCall.tsx';

interface FlagCallsProps {
  flag: Flag;
  /** A call was put down; of a closed flag no news come any more. */
  onNoted?: () => void;
}

/** The last call because of a flag, and a way to put another one down for those who may. */
export function FlagCalls({ flag, onNoted }: FlagCallsProps) {
  const { t } = useTexts();
  const { who } = useDesk();
  const [calling, setCalling] = useState(false);
  return (
    <>
      {mayDo(who, 'flag.call') ? (
        <Button look="quiet" onClick={() => setCalling(true)}>
          <NotebookPen size="1rem" aria-hidden="true" />
          {t('call.action')}
        </Button>
      ) : null}
      <LastCall flag={flag} />
      {calling ? <CallDialog flag={flag} onClose={() => setCalling(false)} onNoted={onNoted} /> : null}
    </>
  );
}
