import { DisplayView } from '#contract/displays.ts';
import type { Scope } from '#contract/session.ts';
import { useDesk, useLive, useTexts } from '../desk/desk-context.ts';
import { byName } from '../i18n/by-name.ts';
import { DisplayDialog } from './DisplayDialog.tsx';
import styles from './DisplaysPage.module.css';
import { PlacingFields, placingOf } from './PlacingFields.tsx';

/** Makes the screen that shows a code a display. */
export function EnrolDialog({ onClose }: { onClose(): void }) {
  const { t, language } = useTexts();
  const { api, who } = useDesk();
  const regions = useLive(({ registry }) => registry?.regions ?? NO_REGIONS);

  const enrol = async (form: FormData) => {
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
    if (outcome.ok) return undefined;
    const isCode = outcome.code === 'not_found' || outcome.issues?.some(({ path }) => path[0] === 'code');
    return isCode ? t('displays.wrongCode') : t('displays.failed', { reason: t(`errors.${outcome.code}`) });
  };

  return (
    <DisplayDialog
      title={t('displays.add')}
      subtitle={t('displays.noneHint')}
      action={t('displays.add')}
      onSubmit={enrol}
      onClose={onClose}
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
    </DisplayDialog>
  );
}

const NO_REGIONS: readonly { id: string; name: { uk: string; en: string } }[] = [];
