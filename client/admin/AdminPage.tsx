import { useState } from 'react';
import type { AccountView } from '#contract/accounts.ts';
import styles from '../account/Account.module.css';
import { useConfirmed } from '../account/use-confirmed.tsx';
import { Button } from '../design/Button.tsx';
import { Failure } from '../design/Field.tsx';
import { Modal } from '../design/Modal.tsx';
import { FormPage, FormSection } from '../design/Page.tsx';
import { useDesk, useLive, useTexts } from '../desk/desk-context.ts';
import { AccountDialog } from './AccountDialog.tsx';
import { IntakeKeysSection } from './IntakeKeysSection.tsx';
import { KeysSection } from './KeysSection.tsx';
import { NewAccountDialog } from './NewAccountDialog.tsx';
import { scopeWords } from './scope-words.ts';
import { type Shown, useAdmin } from './use-admin.ts';

/** Who may do what: accounts of people, keys of facilities. */
export function AdminPage() {
  const { t } = useTexts();
  const { run, dialog } = useConfirmed();
  const [shown, setShown] = useState<Shown>();
  const [opened, setOpened] = useState<string>();
  const [adding, setAdding] = useState(false);
  const admin = useAdmin(run, setShown);
  const account = admin.accounts.find(({ username }) => username === opened);
  return (
    <FormPage title={t('admin.title')} lead={t('admin.lead')} wide>
      <FormSection
        title={t('admin.accounts')}
        tools={
          <Button look="primary" onClick={() => setAdding(true)}>
            {t('admin.add')}
          </Button>
        }
      >
        <ul className={styles.rows}>
          {admin.accounts.map((one) => (
            <AccountRow key={one.username} account={one} onOpen={() => setOpened(one.username)} />
          ))}
        </ul>
        <Failure>{admin.failed && t('admin.failed', { reason: t(`errors.${admin.failed}`) })}</Failure>
      </FormSection>
      <KeysSection run={run} onShow={setShown} />
      <IntakeKeysSection run={run} onShow={setShown} />
      {adding ? <NewAccountDialog admin={admin} onClose={() => setAdding(false)} /> : null}
      {account ? (
        <AccountDialog account={account} admin={admin} run={run} onClose={() => setOpened(undefined)} />
      ) : null}
      {shown ? <ShownOnce shown={shown} onClose={() => setShown(undefined)} /> : null}
      {dialog}
    </FormPage>
  );
}

function AccountRow({ account, onOpen }: { account: AccountView; onOpen(): void }) {
  const { t, language, formats } = useTexts();
  const { who } = useDesk();
  const { username, displayName, role, scope, lockedUntil } = account;
  const registry = useLive((state) => state.registry);
  const rights = [t(`user.roles.${role}`), scopeWords(scope, { t, language, registry })];
  const totp = { on: 'totpOn', off: 'totpOff', required: 'totpRequired' } as const;
  const states = [
    account.disabled ? t('admin.state.disabled') : '',
    lockedUntil === null
      ? ''
      : t('admin.state.locked', { time: formats.timeWithSeconds(Date.parse(lockedUntil)) }),
    account.mustChange ? t('admin.state.mustChange') : '',
    account.sample
      ? t('admin.state.sample')
      : account.external
        ? t('admin.state.external')
        : t(`admin.state.${totp[account.totp]}`),
  ];
  return (
    <li className={styles.row}>
      <div className={styles.rowText}>
        {displayName[language]} <code>{username}</code>
        {who.username === username ? ` · ${t('admin.you')}` : null}
        <p>{rights.join(' · ')}</p>
        <p>{states.filter(Boolean).join(' · ')}</p>
      </div>
      <Button aria-label={`${t('admin.open')}: ${username}`} onClick={onOpen}>
        {t('admin.open')}
      </Button>
    </li>
  );
}

function ShownOnce({ shown: { kind, name, secret }, onClose }: { shown: Shown; onClose(): void }) {
  const { t } = useTexts();
  return (
    <Modal
      open
      onClose={onClose}
      title={t(`admin.${kind}`, { name })}
      subtitle={t(`admin.${kind}Hint`)}
      closeLabel={t('admin.close')}
    >
      <p className={styles.secret}>{secret}</p>
    </Modal>
  );
}
