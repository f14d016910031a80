import { EyeOff, UserRound } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import type { CaseId, FacilityId } from '#contract/ids.ts';
import { ReadPersonalReply } from '#contract/personal.ts';
import { formatSpan } from '../clock/countdown.ts';
import { Button } from '../design/Button.tsx';
import { Ticking } from '../design/Ticking.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { PersonalDialog } from './PersonalDialog.tsx';
import styles from './PersonalPanel.module.css';

/** Names do not stand on a screen that nobody reads any more. */
export const SHOWN_MS = 5 * 60_000;

/**
 * Who the case is about: only after a purpose was given, and only until the page is left or the time is over. Held by
 * this component and nowhere else.
 */
export function PersonalPanel({ facilityId, caseId }: { facilityId: FacilityId; caseId: CaseId }) {
  const { t } = useTexts();
  const { monotonicMs } = useDesk();
  const [asking, setAsking] = useState(false);
  const [shown, setShown] = useState<{ reply: ReadPersonalReply; untilMs: number }>();
  const hide = useCallback(() => setShown(undefined), []);
  useEffect(() => {
    if (!shown) return undefined;
    const timer = setTimeout(hide, shown.untilMs - monotonicMs());
    return () => clearTimeout(timer);
  }, [shown, hide, monotonicMs]);
  if (shown) return <Shown reply={shown.reply} untilMs={shown.untilMs} onHide={hide} />;
  return (
    <>
      <Button onClick={() => setAsking(true)}>
        <UserRound size="1rem" aria-hidden="true" />
        {t('personal.open')}
      </Button>
      {asking ? (
        <PersonalDialog
          facilityId={facilityId}
          caseId={caseId}
          what="personal"
          reply={ReadPersonalReply}
          onClose={() => setAsking(false)}
          onRead={(reply) => {
            setShown({ reply, untilMs: monotonicMs() + SHOWN_MS });
            setAsking(false);
          }}
        />
      ) : null}
    </>
  );
}

function Shown({ reply, untilMs, onHide }: { reply: ReadPersonalReply; untilMs: number; onHide(): void }) {
  const { t, language, formats } = useTexts();
  const { monotonicMs } = useDesk();
  const { data } = reply;
  const left = useCallback(
    () => t('personal.hidesIn', { span: formatSpan(untilMs - monotonicMs(), language) }),
    [untilMs, monotonicMs, language, t],
  );
  const facts: readonly (readonly [string, string | undefined])[] = [
    [t('personal.name'), [data.familyName, data.givenName, data.patronymic].filter(Boolean).join(' ')],
    [t('personal.birthDate'), data.birthDate && dateWords(data.birthDate, language)],
    [t('personal.citizenship'), data.citizenship],
    [t('personal.charges'), data.charges.join('\n') || undefined],
    [t('personal.health'), data.healthNotes.join('\n') || undefined],
  ];
  return (
    <section className={styles.panel} aria-label={t('personal.title')} data-testid="personal">
      <dl className={styles.facts}>
        {facts.map(([name, value]) =>
          value ? (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ) : null,
        )}
      </dl>
      <footer className={styles.footer}>
        <span className={styles.note}>
          {t('personal.recordedAt', { time: formats.dayAndTime(Date.parse(reply.recordedAt)) })} ·{' '}
          {t('personal.auditSeq', { seq: reply.auditSeq })}
        </span>
        <Ticking className={styles.note} text={left} />
        <Button onClick={onHide}>
          <EyeOff size="1rem" aria-hidden="true" />
          {t('personal.hide')}
        </Button>
      </footer>
    </section>
  );
}

/** A calendar date has no time zone: it is shown as the day that it names. */
function dateWords(date: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(Date.parse(date));
}
