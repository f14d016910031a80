import { type FormEvent, useState } from 'react';
import { FacilityKeyList, type FacilityKeyView, IssuedFacilityKey } from '#contract/accounts.ts';
import styles from '../account/Account.module.css';
import { Button } from '../design/Button.tsx';
import { Failure, Field } from '../design/Field.tsx';
import { FormSection } from '../design/Page.tsx';
import { useTexts } from '../desk/desk-context.ts';
import type { FailureCode, Outcome } from '../session/failure.ts';
import { useSession } from '../session/session-context.ts';
import type { Shown } from './use-admin.ts';

interface KeysSectionProps {
  run<T>(action: () => Promise<Outcome<T>>): Promise<Outcome<T>>;
  onShow(shown: Shown): void;
}

/** Keys of one facility at a time. */
export function KeysSection({ run, onShow }: KeysSectionProps) {
  const { t, formats } = useTexts();
  const { api } = useSession();
  const [of, setOf] = useState<{ facilityId: string; keys: readonly FacilityKeyView[] }>();
  const [failed, setFailed] = useState<FailureCode>();
  const pathOf = (facilityId: string) => `/api/v1/facilities/${encodeURIComponent(facilityId)}/keys`;

  async function load(facilityId: string) {
    const answer = await api.call(pathOf(facilityId), { reply: FacilityKeyList });
    setFailed(answer.ok ? undefined : answer.code);
    setOf(answer.ok ? { facilityId, keys: answer.value.items } : undefined);
  }

  async function issue(facilityId: string) {
    const answer = await run(() =>
      api.call(pathOf(facilityId), { method: 'POST', reply: IssuedFacilityKey }),
    );
    if (answer.ok) onShow({ kind: 'newKey', name: facilityId, secret: answer.value.key });
    await load(facilityId);
    if (!answer.ok) setFailed(answer.code);
  }

  async function revoke(facilityId: string, keyId: string) {
    const answer = await run(() =>
      api.call(`${pathOf(facilityId)}/${keyId}`, { method: 'DELETE', reply: undefined }),
    );
    await load(facilityId);
    if (!answer.ok) setFailed(answer.code);
  }

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    void load(String(new FormData(event.currentTarget).get('facility') ?? '').trim());
  }

  return (
    <FormSection title={t('admin.keys')} hint={t('admin.keysHint')}>
      <form className={styles.form} onSubmit={submit}>
        <Field label={t('admin.facility')}>
          <input name="facility" required maxLength={64} autoCapitalize="none" spellCheck={false} />
        </Field>
        <Button type="submit">{t('admin.showKeys')}</Button>
      </form>
      <Failure>{failed && t('admin.failed', { reason: t(`errors.${failed}`) })}</Failure>
      {of ? (
        <>
          {of.keys.length === 0 ? <p className={styles.hint}>{t('admin.noKeys')}</p> : null}
          <ul className={styles.rows}>
            {of.keys.map(({ keyId, createdAt, sample }) => (
              <li key={keyId} className={styles.row}>
                <div className={styles.rowText}>
                  <code>{keyId}</code>
                  <p>
                    {t('admin.issuedAt', { time: formats.dayAndTime(Date.parse(createdAt)) })}
                    {sample ? ` · ${t('admin.state.sample')}` : null}
                  </p>
                </div>
                <Button
                  aria-label={`${t('admin.revoke')}: ${keyId}`}
                  onClick={() => void revoke(of.facilityId, keyId)}
                >
                  {t('admin.revoke')}
                </Button>
              </li>
            ))}
          </ul>
          <Button look="primary" onClick={() => void issue(of.facilityId)}>
            {t('admin.issue')}
          </Button>
        </>
      ) : null}
    </FormSection>
  );
}
