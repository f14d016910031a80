import { useCallback, useEffect, useState } from 'react';
import { SessionList, type SessionView } from '#contract/accounts.ts';
import { Button } from '../design/Button.tsx';
import { Failure } from '../design/Field.tsx';
import { FormPage, FormSection } from '../design/Page.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import type { FailureCode } from '../session/failure.ts';
import { useSession } from '../session/session-context.ts';
import { PasswordForm } from './PasswordForm.tsx';
import { SessionRows } from './SessionRows.tsx';
import { TotpForm } from './TotpForm.tsx';

/** One's own account: sessions, password, second factor. */
export function AccountPage() {
  const { t } = useTexts();
  const { who } = useDesk();
  const { sessions, failed, load, end } = useOwnSessions();
  return (
    <FormPage title={t('account.title')} lead={t('account.lead')}>
      <FormSection title={t('account.sessions.title')}>
        <SessionRows sessions={sessions} onEnd={(sessionId) => void end(`/${sessionId}`)} />
        {sessions.some(({ current }) => !current) ? (
          <Button onClick={() => void end('')}>{t('account.sessions.endOthers')}</Button>
        ) : null}
        <Failure>{failed && t('account.failed', { reason: t(`errors.${failed}`) })}</Failure>
      </FormSection>
      {who.external ? (
        <p>{t('account.external')}</p>
      ) : (
        <>
          <PasswordForm onDone={() => void load()} />
          <TotpForm onDone={() => void load()} />
        </>
      )}
    </FormPage>
  );
}

const PATH = '/api/v1/sessions';

function useOwnSessions() {
  const { api } = useSession();
  const [sessions, setSessions] = useState<readonly SessionView[]>([]);
  const [failed, setFailed] = useState<FailureCode>();
  const load = useCallback(async () => {
    const answer = await api.call(PATH, { reply: SessionList });
    setFailed(answer.ok ? undefined : answer.code);
    if (answer.ok) setSessions(answer.value.items);
  }, [api]);
  useEffect(() => void load(), [load]);
  const end = async (which: string) => {
    const answer = await api.call(PATH + which, { method: 'DELETE', reply: undefined });
    await load();
    if (!answer.ok) setFailed(answer.code);
  };
  return { sessions, failed, load, end };
}
