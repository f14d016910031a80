import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { FlagCategory, type Severity } from '#contract/flags.ts';
import type { AreaId } from '#contract/ids.ts';
import { Choices, Field, FieldGroup } from '../design/Field.tsx';
import { FormDialog } from '../design/FormDialog.tsx';
import { LevelMark } from '../design/LevelMark.tsx';
import { useDesk, useLive, useTexts } from '../desk/desk-context.ts';
import { useSending } from '../desk/use-sending.ts';

const SEVERITIES: readonly Severity[] = [1, 2, 3, 4];
const WHERE = ['area', 'facility'] as const;

/** Digits are the levels. */
const toSeverity = (key: string) => SEVERITIES.find((one) => String(one) === key);

/**
 * Raises a flag on an area, or on the whole facility that it belongs to. Two keystrokes are enough: F on a tile opens this with category and level chosen, Enter sends.
 */
export function RaiseFlagDialog({ areaId, onClose }: { areaId: AreaId; onClose(): void }) {
  const { t, language } = useTexts();
  const { flags } = useDesk();
  const area = useLive((state) => state.registry?.areaById[areaId]);
  const facility = useLive((state) => (area ? state.registry?.facilityById[area.facilityId] : undefined));
  // The same through all attempts, so that a repeated one does not raise a second flag.
  const [id] = useState(flags.newId);
  const [category, setCategory] = useState<FlagCategory>('other');
  const [severity, setSeverity] = useState<Severity>(2);
  const [where, setWhere] = useState<(typeof WHERE)[number]>('area');
  const { pending, failure, send } = useSending();
  const note = useRef<HTMLTextAreaElement>(null);
  const submit = useRef<HTMLButtonElement>(null);
  const form = useRef<HTMLFormElement>(null);

  // The focus comes into a dialog a frame or two after it; a quick hand is sooner, and would press what lies behind.
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      const isInside = event.target instanceof Element && event.target.closest('[role="dialog"]') !== null;
      if (isInside) return;
      const chosen = toSeverity(event.key);
      if (chosen !== undefined) setSeverity(chosen);
      else if (event.key === 'Enter') form.current?.requestSubmit();
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
    document.addEventListener('keydown', onKey, true);
    return () => document.removeEventListener('keydown', onKey, true);
  }, []);

  function raise() {
    const place = where === 'facility' && area ? { facilityId: area.facilityId } : { areaId };
    void send(
      () => flags.raise({ id, ...place, category, severity, note: note.current?.value ?? '' }),
      onClose,
    );
  }

  function handleKey(event: KeyboardEvent) {
    const chosen = toSeverity(event.key);
    if (chosen === undefined || event.target === note.current) return;
    event.preventDefault();
    setSeverity(chosen);
  }

  return (
    <FormDialog
      onClose={onClose}
      title={t('raise.title')}
      subtitle={[area?.name[language], facility?.shortName[language]].filter(Boolean).join(' · ')}
      cancel={t('raise.cancel')}
      submit={pending ? t('raise.pending') : t('raise.submit')}
      disabled={pending}
      onSubmit={raise}
      failure={failure && `${t('raise.failed')}. ${t(`errors.${failure}`)}`}
      keys={t('raise.keys')}
      initialFocus={submit}
      submitButton={submit}
      form={form}
      onKeyDown={handleKey}
    >
      <FieldGroup label={t('raise.severity')}>
        <Choices name="severity" options={SEVERITIES} chosen={severity} onChoose={setSeverity} even>
          {(one) => (
            <>
              <LevelMark level={one} size="1rem" />
              {t(`levels.${one}`)}
            </>
          )}
        </Choices>
      </FieldGroup>
      <FieldGroup label={t('raise.category')}>
        <Choices name="category" options={FlagCategory.options} chosen={category} onChoose={setCategory}>
          {(one) => t(`categories.${one}`)}
        </Choices>
      </FieldGroup>
      <FieldGroup label={t('raise.where')}>
        <Choices name="where" options={WHERE} chosen={where} onChoose={setWhere}>
          {(one) => t(one === 'facility' ? 'raise.whereFacility' : 'raise.whereArea')}
        </Choices>
      </FieldGroup>
      <Field label={t('raise.note')}>
        <textarea ref={note} rows={2} maxLength={500} placeholder={t('raise.notePlaceholder')} />
      </Field>
    </FormDialog>
  );
}
