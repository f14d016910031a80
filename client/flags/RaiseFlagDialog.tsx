import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { FlagCategory, type Severity } from '#contract/flags.ts';
import type { AreaId } from '#contract/ids.ts';
import { Button } from '../design/Button.tsx';
import { LevelMark } from '../design/LevelMark.tsx';
import { Modal } from '../design/Modal.tsx';
import { useDesk, useLive, useTexts } from '../desk/desk-context.ts';
import type { FailureCode } from '../session/failure.ts';
import styles from './RaiseFlagDialog.module.css';

const SEVERITIES: readonly Severity[] = [1, 2, 3, 4];

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
  const [whole, setWhole] = useState(false);
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<FailureCode>();
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

  async function send() {
    if (pending) return;
    setPending(true);
    setFailure(undefined);
    const place = whole && area ? { facilityId: area.facilityId } : { areaId };
    const outcome = await flags.raise({
      id,
      ...place,
      category,
      severity,
      note: note.current?.value ?? '',
    });
    if (outcome.ok) return onClose();
    setPending(false);
    setFailure(outcome.code);
  }

  function handleKey(event: KeyboardEvent) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void send();
      return;
    }
    const chosen = toSeverity(event.key);
    if (chosen === undefined || event.target === note.current) return;
    event.preventDefault();
    setSeverity(chosen);
  }

  return (
    <Modal
      open
      onClose={onClose}
      title={t('raise.title')}
      subtitle={[area?.name[language], facility?.shortName[language]].filter(Boolean).join(' · ')}
      closeLabel={t('raise.cancel')}
      initialFocus={submit}
    >
      <form
        ref={form}
        className={styles.form}
        onKeyDown={handleKey}
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <fieldset className={styles.group}>
          <legend className={styles.legend}>{t('raise.severity')}</legend>
          <div className={styles.levels}>
            {SEVERITIES.map((one) => (
              <label key={one} className={styles.level} data-chosen={one === severity || undefined}>
                <input
                  type="radio"
                  name="severity"
                  value={one}
                  checked={one === severity}
                  onChange={() => setSeverity(one)}
                />
                <LevelMark level={one} size="1rem" />
                {t(`levels.${one}`)}
              </label>
            ))}
          </div>
        </fieldset>
        <fieldset className={styles.group}>
          <legend className={styles.legend}>{t('raise.category')}</legend>
          <div className={styles.categories}>
            {FlagCategory.options.map((one) => (
              <label key={one} className={styles.category} data-chosen={one === category || undefined}>
                <input
                  type="radio"
                  name="category"
                  value={one}
                  checked={one === category}
                  onChange={() => setCategory(one)}
                />
                {t(`categories.${one}`)}
              </label>
            ))}
          </div>
        </fieldset>
        <fieldset className={styles.group}>
          <legend className={styles.legend}>{t('raise.where')}</legend>
          <div className={styles.categories}>
            {[false, true].map((one) => (
              <label key={String(one)} className={styles.category} data-chosen={one === whole || undefined}>
                <input type="radio" name="where" checked={one === whole} onChange={() => setWhole(one)} />
                {t(one ? 'raise.whereFacility' : 'raise.whereArea')}
              </label>
            ))}
          </div>
        </fieldset>
        <label className={styles.group}>
          <span className={styles.legend}>{t('raise.note')}</span>
          <textarea
            ref={note}
            className={styles.note}
            rows={2}
            maxLength={500}
            placeholder={t('raise.notePlaceholder')}
          />
        </label>
        {failure ? (
          <p className={styles.failure} role="alert">
            {t('raise.failed')}. {t(`errors.${failure}`)}
          </p>
        ) : null}
        <footer className={styles.footer}>
          <span className={styles.keys}>{t('raise.keys')}</span>
          <Button onClick={onClose}>{t('raise.cancel')}</Button>
          <Button ref={submit} type="submit" look="primary" disabled={pending}>
            {pending ? t('raise.pending') : t('raise.submit')}
          </Button>
        </footer>
      </form>
    </Modal>
  );
}
