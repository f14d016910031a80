import { useState } from 'react';
import { IntakeKeyList, IssuedIntakeKey } from '#contract/intake.ts';
import styles from '../account/Account.module.css';
import { Button } from '../design/Button.tsx';
import { Failure, Field } from '../design/Field.tsx';
import { FormDialog } from '../design/FormDialog.tsx';
import { FormSection } from '../design/Page.tsx';
import { useLive, useTexts } from '../desk/desk-context.ts';
import { useSending } from '../desk/use-sending.ts';
import { useReading } from '../figures/use-figures.ts';
import type { Outcome } from '../session/failure.ts';
import { useSession } from '../session/session-context.ts';
import { readScope, ScopeFields } from './RightsFields.tsx';
import { scopeWords } from './scope-words.ts';
import type { Shown } from './use-admin.ts';

const PATH = '/api/v1/intake-keys';
/** What a hotline with a few operators sends at most, with room. */
const USUAL_PER_MINUTE = 30;

interface IntakeKeysSectionProps {
  run<T>(action: () => Promise<Outcome<T>>): Promise<Outcome<T>>;
  onShow(shown: Shown): void;
}

/** Keys of outside hotlines: issue, see, revoke. */
export function IntakeKeysSection({ run, onShow }: IntakeKeysSectionProps) {
  const { t, language, formats } = useTexts();
  const registry = useLive((state) => state.registry);
  const { api } = useSession();
  const { value, failure, retry } = useReading(PATH, IntakeKeyList);
  const revoking = useSending();
  const [issuing, setIssuing] = useState(false);
  const failed = revoking.failure ?? failure;

  async function revoke(keyId: string) {
    await revoking.send(() =>
      run(() => api.call(`${PATH}/${keyId}`, { method: 'DELETE', reply: undefined })),
    );
    retry();
  }

  return (
    <FormSection
      title={t('admin.intakeKeys')}
      hint={t('admin.intakeHint')}
      tools={<Button onClick={() => setIssuing(true)}>{t('admin.issue')}</Button>}
    >
      <Failure>{failed && t('admin.failed', { reason: t(`errors.${failed}`) })}</Failure>
      {value?.items.length === 0 ? <p className={styles.hint}>{t('admin.intakeNone')}</p> : null}
      {value && value.items.length > 0 ? (
        <ul className={styles.rows}>
          {value.items.map(({ keyId, name, scope, perMinute, createdAt }) => (
            <li key={keyId} className={styles.row} data-intake-key={keyId}>
              <div className={styles.rowText}>
                {name} <code>{keyId}</code>
                <p>
                  {[
                    scopeWords(scope, { t, language, registry }),
                    t('admin.intakeRate', { count: perMinute }),
                    t('admin.issuedAt', { time: formats.dayAndTime(Date.parse(createdAt)) }),
                  ].join(' · ')}
                </p>
              </div>
              <Button aria-label={`${t('admin.revoke')}: ${name}`} onClick={() => void revoke(keyId)}>
                {t('admin.revoke')}
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
      {issuing ? (
        <IssueDialog
          run={run}
          onClose={() => setIssuing(false)}
          onIssued={(shown) => {
            setIssuing(false);
            onShow(shown);
            retry();
          }}
        />
      ) : null}
    </FormSection>
  );
}

interface IssueDialogProps extends Pick<IntakeKeysSectionProps, 'run'> {
  onClose(): void;
  onIssued(shown: Shown): void;
}

function IssueDialog({ run, onClose, onIssued }: IssueDialogProps) {
  const { t } = useTexts();
  const { api } = useSession();
  const { pending, failure, send } = useSending();
  const [form, setForm] = useState<HTMLDivElement | null>(null);
  const [invalid, setInvalid] = useState(false);

  function issue() {
    const data = new FormData(form?.closest('form') ?? undefined);
    const scope = readScope(data);
    setInvalid(scope === undefined);
    if (!scope) return;
    const name = String(data.get('name') ?? '').trim();
    const body = { name, scope, perMinute: Number(data.get('perMinute')) };
    void send(
      () => run(() => api.call(PATH, { body, reply: IssuedIntakeKey })),
      ({ key }) => onIssued({ kind: 'newIntakeKey', name, secret: key }),
    );
  }

  const failed = invalid ? 'invalid' : failure;
  return (
    <FormDialog
      onClose={onClose}
      title={t('admin.intakeKeys')}
      cancel={t('admin.close')}
      submit={t('admin.issue')}
      disabled={pending}
      onSubmit={issue}
      failure={failed && t(`errors.${failed}`)}
    >
      <div ref={setForm} className={styles.form}>
        <Field label={t('admin.intakeName')}>
          <input name="name" required minLength={2} maxLength={80} autoComplete="off" />
        </Field>
        <ScopeFields />
        <Field label={t('admin.intakePerMinute')}>
          <input name="perMinute" type="number" required min={1} max={600} defaultValue={USUAL_PER_MINUTE} />
        </Field>
      </div>
    </FormDialog>
  );
}
