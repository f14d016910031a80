import { useRef, useState } from 'react';
import { CreateAccountBody } from '#contract/accounts.ts';
import { Field } from '../design/Field.tsx';
import { FormDialog } from '../design/FormDialog.tsx';
import { useTexts } from '../desk/desk-context.ts';
import { RightsFields, readRights } from './RightsFields.tsx';
import type { Admin } from './use-admin.ts';

/** A new account; its one-time password is shown afterwards. */
export function NewAccountDialog({ admin, onClose }: { admin: Admin; onClose(): void }) {
  const { t } = useTexts();
  const first = useRef<HTMLInputElement>(null);
  const [invalid, setInvalid] = useState(false);

  async function create() {
    const form = new FormData(first.current?.form ?? undefined);
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
    <FormDialog
      onClose={onClose}
      title={t('admin.add')}
      cancel={t('admin.close')}
      submit={t('admin.create')}
      onSubmit={() => void create()}
      failure={failed && t(`errors.${failed}`)}
      initialFocus={first}
    >
      <Field label={t('admin.fields.username')} hint={t('admin.fields.usernameHint')}>
        <input
          ref={first}
          name="username"
          required
          maxLength={64}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
        />
      </Field>
      <Field label={t('admin.fields.nameUk')}>
        <input name="nameUk" required maxLength={300} />
      </Field>
      <Field label={t('admin.fields.nameEn')}>
        <input name="nameEn" required maxLength={300} />
      </Field>
      <RightsFields />
    </FormDialog>
  );
}
