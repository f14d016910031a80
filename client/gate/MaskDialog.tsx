import { useRef, useState } from 'react';
import { type MaskBody, MaskReply } from '#contract/mask.ts';
import { MASK_LIFT_DEFAULT_MINUTES, MASK_LIFT_LEVEL, MASK_LIFT_MAX_MINUTES } from '../../config/gate/mask.ts';
import { Button } from '../design/Button.tsx';
import { Modal } from '../design/Modal.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import type { FailureCode } from '../session/failure.ts';
import type { TileData } from '../wall/tile-data.ts';
import form from './GateDialog.module.css';
import { casesOf, isUnmasked } from './mask-words.ts';

const CHOICES: readonly number[] = [5, MASK_LIFT_DEFAULT_MINUTES, 20, MASK_LIFT_MAX_MINUTES];
/** The contract asks for a reason of at least this many characters. */
const MIN_REASON = 3;

interface MaskDialogProps {
  data: Pick<TileData, 'area' | 'facility' | 'status'>;
  onClose(): void;
}

/** Has what is covered of a picture shown for a time, because of somebody at risk, or covers it again. */
export function MaskDialog({ data: { area, facility, status }, onClose }: MaskDialogProps) {
  const { t, language, formats } = useTexts();
  const { api, serverClock } = useDesk();
  const people = casesOf(status);
  const [caseId, setCaseId] = useState(people[0]);
  const [minutes, setMinutes] = useState(MASK_LIFT_DEFAULT_MINUTES);
  const [reason, setReason] = useState('');
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<FailureCode>();
  const input = useRef<HTMLTextAreaElement>(null);
  const lift = isUnmasked(status, serverClock.nowMs()) ? status?.unmasked : undefined;
  const isAtRisk = (status?.observation ?? 1) >= MASK_LIFT_LEVEL && people.length > 0;
  const mayLift = isAtRisk && reason.trim().length >= MIN_REASON && caseId !== undefined;

  async function send(body: MaskBody) {
    if (pending) return;
    setPending(true);
    setFailure(undefined);
    const outcome = await api.call(`/api/v1/areas/${area.id}/mask`, { body, reply: MaskReply });
    if (outcome.ok) return onClose();
    setPending(false);
    setFailure(outcome.code);
  }

  return (
    <Modal
      open
      onClose={onClose}
      title={t(lift ? 'gate.mask.titleStanding' : 'gate.mask.title')}
      subtitle={[area.name[language], facility?.shortName[language]].filter(Boolean).join(' · ')}
      closeLabel={t('gate.cancel')}
      initialFocus={input}
    >
      <form
        className={form.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (mayLift) void send({ act: 'lift', caseId, minutes, reason: reason.trim() });
        }}
      >
        <p className={form.legend}>
          {lift
            ? [
                t('gate.mask.by', { who: lift.by }),
                t('gate.until', { time: formats.time(Date.parse(lift.until)) }),
              ].join(' · ')
            : t(isAtRisk ? 'gate.mask.explain' : 'gate.mask.nobody')}
        </p>
        <fieldset className={form.group} disabled={!isAtRisk}>
          <legend className={form.legend}>{t('gate.mask.person')}</legend>
          <div className={form.categories}>
            {people.map((one) => (
              <label key={one} className={form.category} data-chosen={one === caseId || undefined}>
                <input type="radio" name="case" checked={one === caseId} onChange={() => setCaseId(one)} />
                {one}
              </label>
            ))}
          </div>
        </fieldset>
        <fieldset className={form.group} disabled={!isAtRisk}>
          <legend className={form.legend}>{t('gate.mask.minutes')}</legend>
          <div className={form.categories}>
            {CHOICES.map((one) => (
              <label key={one} className={form.category} data-chosen={one === minutes || undefined}>
                <input
                  type="radio"
                  name="minutes"
                  checked={one === minutes}
                  onChange={() => setMinutes(one)}
                />
                {t('gate.duration', { minutes: one })}
              </label>
            ))}
          </div>
        </fieldset>
        <label className={form.group}>
          <span className={form.legend}>{t('gate.mask.reason')}</span>
          <textarea
            ref={input}
            className={form.note}
            rows={2}
            maxLength={500}
            value={reason}
            placeholder={t('gate.mask.reasonPlaceholder')}
            onChange={(event) => setReason(event.target.value)}
          />
        </label>
        {failure ? (
          <p className={form.failure} role="alert">
            {t('gate.failed')}. {t(`errors.${failure}`)}
          </p>
        ) : null}
        <footer className={form.footer}>
          <span className={form.keys} />
          {lift ? (
            <Button disabled={pending} onClick={() => void send({ act: 'restore' })}>
              {t('gate.mask.restore')}
            </Button>
          ) : (
            <Button onClick={onClose}>{t('gate.cancel')}</Button>
          )}
          <Button type="submit" look="primary" disabled={pending || !mayLift}>
            {t(pending ? 'gate.pending' : 'gate.mask.submit')}
          </Button>
        </footer>
      </form>
    </Modal>
  );
}
