import { type FormEvent, useRef, useState } from 'react';
import { CreateAccountBody } from '#contract/accounts.ts';
import styles from '../account/Account.module.css';
import { Button } from '../design/Button.tsx';
import { Modal } from '../design/Modal.tsx';
import { useTexts } from '../desk/desk-context.ts';
import { RightsFields, readRights } from './RightsFields.tsx';
import type { Admin } from './use-admin.ts';

export function NewAccountDialog({ admin, onClose }: { admin: Admin; onClose(): void }) {
  const { t } = useTexts();
  const first = useRef<HTMLInputElement>(null);
  const [invalid, setInvalid] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const body = CreateAccountBody.safeParse({
      username: text('username'),
      displayName: { uk: text('nameUk'), en: text('nameEn') },
      ...readRights(form),
    });
    setInvalid(!body.success);
    if (body.success && (await admin.create(body.data))) onClose();
  }

  const failed = invalid ? 'invalid' : admin.failed;
  return (
    <Modal open onClose={onClose} title={t('admin.add')} closeLabel={t('admin.close')} initialFocus={first}>
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <label className={styles.field}>
          {t('admin.fields.username')}
          <input
            ref={first}
            name="username"
            required
            maxLength={64}
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
          />
          <span className={styles.hint}>{t('admin.fields.usernameHint')}</span>
        </label>
        <label className={styles.field}>
          {t('admin.fields.nameUk')}
          <input name="nameUk" required maxLength={300} />
        </label>
        <label className={styles.field}>
          {t('admin.fields.nameEn')}
          <input name="nameEn" required maxLength={300} />
        </label>
        <RightsFields />
        <p role="alert" className={styles.failure}>
          {failed ? t(`errors.${failed}`) : null}
        </p>
        <Button type="submit" look="primary">
          {t('admin.create')}
        </Button>
      </form>
    </Modal>
  );
}
