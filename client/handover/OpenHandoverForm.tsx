import { ClipboardCheck } from 'lucide-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { RegionId } from '#contract/ids.ts';
import { Button } from '../design/Button.tsx';
import { Failure, Field } from '../design/Field.tsx';
import { useDesk, useLive, useTexts } from '../desk/desk-context.ts';
import styles from './HandoverPage.module.css';
import { PartFields } from './PartFields.tsx';
import { freeRegions, type Part } from './parts.ts';
import type { HandoverState } from './use-handover.ts';

const USUAL_HOURS = 12;
const MOST_HOURS = 24;

/** Opens a handover, for who leaves the shift: of all that one answers for, or of a part. */
export function OpenHandoverForm({ state }: { state: HandoverState }) {
  const { t } = useTexts();
  const { who } = useDesk();
  const [, navigate] = useLocation();
  const regions = useLive(({ registry }) => registry?.regions);
  const [hours, setHours] = useState(USUAL_HOURS);
  const [note, setNote] = useState('');
  const [chosen, setChosen] = useState<{ part: Part; regionIds: readonly RegionId[] }>();
  const isFirst = state.openNow.length === 0;
  const free = freeRegions(
    who.scope,
    (regions ?? []).map(({ id }) => id),
    state.openNow,
  );
  const { part, regionIds } = chosen ?? { part: isFirst ? 'whole' : 'chosen', regionIds: [] };
  const hasParts = free.length > 1 || !isFirst;
  const asked = regionIds.filter((id) => free.includes(id));
  const isRight =
    Number.isInteger(hours) &&
    hours >= 1 &&
    hours <= MOST_HOURS &&
    (part === 'whole' ? isFirst : asked.length > 0);

  async function open() {
    const opened = await state.open({
      shiftHours: hours,
      note,
      ...(part === 'whole' ? {} : { regionIds: [...asked] }),
    });
    if (opened && part !== 'whole') navigate(`/handover/${opened.id}`);
  }

  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void open();
      }}
    >
      <div className={styles.invite}>
        <ClipboardCheck size="1.5rem" aria-hidden="true" />
        <div>
          <p className={styles.headline}>{t(isFirst ? 'handover.none' : 'handover.rest')}</p>
          <p className={styles.details}>{t('handover.noneHint')}</p>
        </div>
      </div>
      {hasParts ? (
        <PartFields
          part={part}
          free={free}
          whole={isFirst}
          regionIds={asked}
          onChange={(next, ids) => setChosen({ part: next, regionIds: ids })}
        />
      ) : null}
      <Field label={t('handover.shiftHours')}>
        <input
          className={styles.number}
          type="number"
          inputMode="numeric"
          min={1}
          max={MOST_HOURS}
          value={Number.isNaN(hours) ? '' : hours}
          onChange={(event) => setHours(event.target.valueAsNumber)}
        />
      </Field>
      <Field label={t('handover.noteFirst')}>
        <textarea value={note} rows={3} maxLength={2000} onChange={(event) => setNote(event.target.value)} />
      </Field>
      <Failure>{state.failure && t('handover.failed', { reason: t(`errors.${state.failure}`) })}</Failure>
      <div className={styles.end}>
        <Button type="submit" look="primary" disabled={state.pending || !isRight}>
          {state.pending ? t('handover.opening') : t('handover.open')}
        </Button>
      </div>
    </form>
  );
}
