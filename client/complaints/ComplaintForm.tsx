import { useState } from 'react';
import { Complaint } from '#contract/complaints.ts';
import { ComplaintKind } from '#contract/custody-details.ts';
import type { Facility } from '#contract/nation.ts';
import { Button } from '../design/Button.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import type { FailureCode } from '../session/failure.ts';
import styles from './ComplaintsPage.module.css';

/** Sends what a caller says. The id stays through all attempts, so that a bad line takes no second complaint. */
export function ComplaintForm({
  facilities,
  onTaken,
}: {
  facilities: readonly Facility[];
  onTaken(complaint: Complaint): void;
}) {
  const { t, language } = useTexts();
  const { api, flags } = useDesk();
  const [id] = useState(flags.newId);
  const [place, setPlace] = useState('');
  const [anonymous, setAnonymous] = useState(false);
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<FailureCode>();
  const facility = facilities.find((one) => one.name[language] === place);

  async function send(form: HTMLFormElement) {
    if (pending || !facility) return;
    setPending(true);
    setFailure(undefined);
    const data = new FormData(form);
    const said = (name: string) => String(data.get(name) ?? '').trim();
    const contact = Object.fromEntries(
      (['name', 'phone', 'email', 'other'] as const).flatMap((name) =>
        said(name) === '' ? [] : [[name, said(name)]],
      ),
    );
    const answer = await api.call('/api/v1/complaints', {
      body: {
        id,
        facilityId: facility.id,
        kind: said('kind'),
        text: said('text'),
        ...(said('when') === '' ? {} : { happenedAt: new Date(said('when')).toISOString() }),
        ...(anonymous || Object.keys(contact).length === 0 ? {} : { contact }),
      },
      reply: Complaint,
    });
    setPending(false);
    if (answer.ok) onTaken(answer.value);
    else setFailure(answer.code);
  }

  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void send(event.currentTarget);
      }}
    >
      <h2 className={styles.heading}>{t('complaints.new')}</h2>
      <label className={styles.field}>
        {t('complaints.facility')}
        <input
          className={styles.input}
          list="complaint-facilities"
          value={place}
          required
          autoComplete="off"
          onChange={(event) => setPlace(event.target.value)}
        />
        <datalist id="complaint-facilities">
          {facilities.map((one) => (
            <option key={one.id} value={one.name[language]} />
          ))}
        </datalist>
        {place !== '' && !facility ? <span className={styles.hint}>{t('complaints.choose')}</span> : null}
      </label>
      <label className={styles.field}>
        {t('complaints.when')}
        <input className={styles.input} type="datetime-local" name="when" />
      </label>
      <label className={styles.field}>
        {t('complaints.kind')}
        <select className={styles.input} name="kind" defaultValue="treatment">
          {ComplaintKind.options.map((kind) => (
            <option key={kind} value={kind}>
              {t(`complaints.kinds.${kind}`)}
            </option>
          ))}
        </select>
      </label>
      <label className={styles.field}>
        {t('complaints.text')}
        <textarea className={styles.input} name="text" rows={6} maxLength={8000} required />
      </label>
      <label className={styles.check}>
        <input type="checkbox" checked={anonymous} onChange={(event) => setAnonymous(event.target.checked)} />
        {t('complaints.anonymous')}
      </label>
      {anonymous ? null : (
        <fieldset className={styles.contact}>
          <legend>{t('complaints.contact')}</legend>
          {(['name', 'phone', 'email', 'other'] as const).map((name) => (
            <label key={name} className={styles.field}>
              {t(`complaints.contacts.${name}`)}
              <input
                className={styles.input}
                name={name}
                maxLength={name === 'phone' ? 40 : 200}
                autoComplete="off"
              />
            </label>
          ))}
          <p className={styles.hint}>{t('complaints.private')}</p>
        </fieldset>
      )}
      {failure ? (
        <p className={styles.failure} role="alert">
          {t('complaints.notTaken')} {t(`errors.${failure}`)}
        </p>
      ) : null}
      <Button type="submit" look="primary" disabled={pending || !facility}>
        {pending ? t('complaints.pending') : t('complaints.take')}
      </Button>
    </form>
  );
}
