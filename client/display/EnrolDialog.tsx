import { useState } from 'react';
import { DisplayView } from '#contract/displays.ts';
import type { Scope } from '#contract/session.ts';
import { Button } from '../design/Button.tsx';
import { Modal } from '../design/Modal.tsx';
import { useDesk, useLive, useTexts } from '../desk/desk-context.ts';
import { byName } from '../i18n/by-name.ts';
import styles from './DisplaysPage.module.css';
import { PlacingFields, placingOf } from './PlacingFields.tsx';

/** Makes the screen that shows a code a display. */
export function EnrolDialog({ onClose }: { onClose(): void }) {
  const { t, language } = useTexts();
  const { api, who } = useDesk();
  const regions = useLive(({ registry }) => registry?.regions ?? NO_REGIONS);
  const [failure, setFailure] = useState<string>();
  const [pending, setPending] = useState(false);

  const enrol = async (form: FormData) => {
    setPending(true);
    const region = String(form.get('region') ?? '');
    const scope: Scope | undefined = region === '' ? undefined : { kind: 'regions', regionIds: [region] };
    const outcome = await api.call('/api/v1/displays', {
      body: {
        code: String(form.get('code')),
        ...placingOf(form),
        ...(scope ? { scope } : {}),
      },
      reply: DisplayView,
    });
    setPending(false);
    if (outcome.ok) return onClose();
    const isCode = outcome.code === 'not_found' || outcome.issues?.some(({ path }) => path[0] === 'code');
    setFailure(
      isCode ? t('displays.wrongCode') : t('displays.failed', { reason: t(`errors.${outcome.code}`) }),
    );
  };

  return (
    <Modal
      open
      onClose={onClose}
      title={t('displays.add')}
      subtitle={t('displays.noneHint')}
      closeLabel={t('displays.close')}
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void enrol(new FormData(event.currentTarget));
        }}
      >
        <label className={styles.field}>
          {t('displays.code')}
          <input
            className={styles.codeInput}
            name="code"
            required
            maxLength={12}
            autoComplete="off"
            spellCheck={false}
          />
        </label>
        <PlacingFields />
        {who.scope.kind === 'facilities' ? null : (
          <label className={styles.field}>
            {t('displays.scope')}
            <select className={styles.input} name="region" defaultValue="">
              <option value="">{t('displays.scopeOwn')}</option>
              {regions.toSorted(byName(language)).map(({ id, name }) => (
                <option key={id} value={id}>
                  {name[language]}
                </option>
              ))}
            </select>
          </label>
        )}
        {failure ? (
          <p className={styles.failure} role="alert">
            {failure}
          </p>
        ) : null}
        <div className={styles.actions}>
          <Button type="submit" look="primary" disabled={pending}>
            {t('displays.add')}
          </Button>
          <Button onClick={onClose}>{t('displays.cancel')}</Button>
        </div>
      </form>
    </Modal>
  );
}

const NO_REGIONS: readonly { id: string; name: { uk: string; en: string } }[] = [];
