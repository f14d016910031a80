import { type FormEvent, useCallback, useEffect, useState } from 'react';
import { type AccountView, SessionList, type SessionView } from '#contract/accounts.ts';
import styles from '../account/Account.module.css';
import { SessionRows } from '../account/SessionRows.tsx';
import { Button } from '../design/Button.tsx';
import { Failure } from '../design/Field.tsx';
import { Modal } from '../design/Modal.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import type { Outcome } from '../session/failure.ts';
import { useSession } from '../session/session-context.ts';
import { RightsFields, readRights } from './RightsFields.tsx';
import type { Admin } from './use-admin.ts';

interface AccountDialogProps {
  account: AccountView;
  admin: Admin;
  run<T>(action: () => Promise<Outcome<T>>): Promise<Outcome<T>>;
  onClose(): void;
}

/** One account: rights, credentials, sessions. */
export function AccountDialog({ account, admin, run, onClose }: AccountDialogProps) {
  const { t, language } = useTexts();
  const { who } = useDesk();
  const { username, disabled, lockedUntil, totp } = account;
  const isOwn = who.username === username;
  const { sessions, end } = useSessionsOf(account, run);

  async function save(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const rights = readRights(new FormData(event.currentTarget));
    if (rights && (await admin.change(username, rights))) onClose();
  }

  return (
    <Modal
      open
      onClose={onClose}
      title={account.displayName[language]}
      subtitle={username}
      closeLabel={t('admin.close')}
    >
      <div className={styles.section}>
        {isOwn ? (
          <p className={styles.hint}>{t('admin.own')}</p>
        ) : (
          <>
            {account.external ? (
              <p className={styles.hint}>{t('admin.external')}</p>
            ) : (
              <form
                key={JSON.stringify([account.role, account.scope])}
                className={styles.form}
                onSubmit={(event) => void save(event)}
              >
                <RightsFields role={account.role} scope={account.scope} />
                <p className={styles.hint}>{t('admin.saveHint')}</p>
                <Button type="submit" look="primary">
                  {t('admin.save')}
                </Button>
              </form>
            )}
            <div className={styles.line}>
              {account.external ? null : (
                <Button onClick={() => void admin.resetPassword(username)}>{t('admin.resetPassword')}</Button>
              )}
              {totp === 'on' ? (
                <Button onClick={() => void admin.resetTotp(username)}>{t('admin.resetTotp')}</Button>
              ) : null}
              <Button onClick={() => void admin.change(username, { disabled: !disabled })}>
                {t(disabled ? 'admin.enable' : 'admin.disable')}
              </Button>
            </div>
          </>
        )}
        {lockedUntil === null ? null : (
          <Button onClick={() => void admin.unlock(username)}>{t('admin.unlock')}</Button>
        )}
        <Failure>{admin.failed && t('admin.failed', { reason: t(`errors.${admin.failed}`) })}</Failure>
        <h3>{t('account.sessions.title')}</h3>
        <SessionRows sessions={sessions} onEnd={(sessionId) => void end(`/${sessionId}`)} />
        {sessions.length > 1 && !isOwn ? (
          <Button onClick={() => void end('')}>{t('admin.endAll')}</Button>
        ) : null}
      </div>
    </Modal>
  );
}

/** Sessions of an account; read again whenever something of the account has changed. */
function useSessionsOf(account: AccountView, run: AccountDialogProps['run']) {
  const { api } = useSession();
  const [sessions, setSessions] = useState<readonly SessionView[]>([]);
  // The account is another object whenever something was done to it.
  const load = useCallback(async () => {
    const answer = await api.call(pathOf(account), { reply: SessionList });
    if (answer.ok) setSessions(answer.value.items);
  }, [api, account]);
  useEffect(() => void load(), [load]);
  const end = async (which: string) => {
    await run(() => api.call(pathOf(account) + which, { method: 'DELETE', reply: undefined }));
    await load();
  };
  return { sessions, end };
}

function pathOf({ username }: AccountView): string {
  return `/api/v1/accounts/${encodeURIComponent(username)}/sessions`;
}
