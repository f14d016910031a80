import { useRef, useState } from 'react';
import { type GateBody, GateReply } from '#contract/gate.ts';
import { GATE_DEFAULT_MINUTES, GATE_MAX_MINUTES } from '../../config/gate/gate.ts';
import { Button } from '../design/Button.tsx';
import { Modal } from '../design/Modal.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import type { FailureCode } from '../session/failure.ts';
import type { TileData } from '../wall/tile-data.ts';
import form from './GateDialog.module.css';
import { gateWords } from './gate-words.ts';

const CHOICES: readonly number[] = [15, GATE_DEFAULT_MINUTES, 45, GATE_MAX_MINUTES];
const READY = ['lawyer', 'medical', 'search', 'hygiene'] as const;
/** The contract asks for a reason of at least this many characters. */
const MIN_REASON = 3;

interface GateDialogProps {
  data: Pick<TileData, 'area' | 'facility' | 'status'>;
  onClose(): void;
}

/** Closes an area to everybody for a time, gives that more time, or ends it; what comes of it arrives with the live data. */
export function GateDialog({ data: { area, facility, status }, onClose }: GateDialogProps) {
  const texts = useTexts();
  const { t, language } = texts;
  const { api } = useDesk();
  const [minutes, setMinutes] = useState(GATE_DEFAULT_MINUTES);
  const [reason, setReason] = useState('');
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<FailureCode>();
  const input = useRef<HTMLTextAreaElement>(null);
  const gate = status?.gate;
  const isReasoned = reason.trim().length >= MIN_REASON;

  async function send(body: GateBody) {
    if (pending) return;
    setPending(true);
    setFailure(undefined);
    const outcome = await api.call(`/api/v1/areas/${area.id}/gate`, { body, reply: GateReply });
    if (outcome.ok) return onClose();
    setPending(false);
    setFailure(outcome.code);
  }
  const submit = () => {
    if (isReasoned) void send({ act: gate ? 'extend' : 'open', minutes, reason: reason.trim() });
  };

  return (
    <Modal
      open
      onClose={onClose}
      title={t(gate ? 'gate.titleStanding' : 'gate.title')}
      subtitle={[area.name[language], facility?.shortName[language]].filter(Boolean).join(' · ')}
      closeLabel={t('gate.cancel')}
      initialFocus={input}
    >
      <form
        className={form.form}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <p className={form.legend}>{gate ? gateWords(gate, texts) : t('gate.explain')}</p>
        <fieldset className={form.group}>
          <legend className={form.legend}>{t(gate ? 'gate.more' : 'gate.minutes')}</legend>
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
        <fieldset className={form.group}>
          <legend className={form.legend}>{t('gate.reason')}</legend>
          <div className={form.categories}>
            {READY.map((name) => (
              <Button key={name} onClick={() => setReason(t(`gate.ready.${name}`))}>
                {t(`gate.ready.${name}`)}
              </Button>
            ))}
          </div>
          <textarea
            ref={input}
            className={form.note}
            aria-label={t('gate.reason')}
            rows={2}
            maxLength={500}
            value={reason}
            placeholder={t('gate.reasonPlaceholder')}
            onChange={(event) => setReason(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.shiftKey) return;
              event.preventDefault();
              submit();
            }}
          />
        </fieldset>
        {failure ? (
          <p className={form.failure} role="alert">
            {t('gate.failed')}. {t(`errors.${failure}`)}
          </p>
        ) : null}
        <footer className={form.footer}>
          <span className={form.keys}>{isReasoned ? '' : t('gate.reasonShort')}</span>
          {gate ? (
            <Button disabled={pending} onClick={() => void send({ act: 'close' })}>
              {t('gate.end')}
            </Button>
          ) : (
            <Button onClick={onClose}>{t('gate.cancel')}</Button>
          )}
          <Button type="submit" look="primary" disabled={pending || !isReasoned}>
            {pending ? t('gate.pending') : t(gate ? 'gate.extend' : 'gate.open')}
          </Button>
        </footer>
      </form>
    </Modal>
  );
}
