import type { DisplayView } from '#contract/displays.ts';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { DisplayDialog } from './DisplayDialog.tsx';
import { PlacingFields, placingOf } from './PlacingFields.tsx';

/** Changes where a display stands, how it is read, and whether alarms come to it. */
export function PlacingDialog({ display, onClose }: { display: DisplayView; onClose(): void }) {
  const { t } = useTexts();
  const { api } = useDesk();
  const save = async (form: FormData) => {
    const outcome = await api.call(`/api/v1/displays/${display.id}/placing`, {
      body: placingOf(form),
      reply: undefined,
    });
    return outcome.ok ? undefined : t('displays.failed', { reason: t(`errors.${outcome.code}`) });
  };
  return (
    <DisplayDialog
      title={t('displays.placing', { name: display.name })}
      action={t('displays.savePlacing')}
      onSubmit={save}
      onClose={onClose}
    >
      <PlacingFields placing={display} />
    </DisplayDialog>
  );
}
