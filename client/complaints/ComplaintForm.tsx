import { useState } from 'react';
import { Complaint } from '#contract/complaints.ts';
import { ComplaintKind } from '#contract/custody-details.ts';
import type { Facility } from '#contract/nation.ts';
import { Button } from '../design/Button.tsx';
import { Failure, Field, FieldGroup } from '../design/Field.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { useSending } from '../desk/use-sending.ts';
import styles from './ComplaintsPage.module.css';

const CONTACTS = ['name', 'phone', 'email', 'other'] as const;

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
  const { pending, failure, send } = useSending();
  const [id] = useState(flags.newId);
  const [place, setPlace] = useState('');
  const [anonymous, setAnonymous] = useState(false);
  const facility = facilities.find((one) => one.name[language] === place);

  function submit(form: HTMLFormElement) {
    if (!facility) return;
    const data = new FormData(form);
    const said = (name: string) => String(data.get(name) ?? '').trim();
    const contact = Object.fromEntries(
      CONTACTS.flatMap((name) => (said(name) === '' ? [] : [[name, said(name)]])),
    );
    const body = {
      id,
      facilityId: facility.id,
      kind: said('kind'),
      text: said('text'),
      ...(said('when') === '' ? {} : { happenedAt: new Date(said('when')).toISOString() }),
      ...(anonymous || Object.keys(contact).length === 0 ? {} : { contact }),
    };
    void send(() => api.call('/api/v1/complaints', { body, reply: Complaint }), onTaken);
  }

  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        submit(event.currentTarget);
      }}
    >
      <h2 className={styles.heading}>{t('complaints.new')}</h2>
      <Field
        label={t('complaints.facility')}
        hint={place !== '' && !facility ? t('complaints.choose') : undefined}
      >
        <input
          list="complaint-facilities"
          value={place}
          required
          autoComplete="off"
          onChange={(event) => setPlace(event.target.value)}
        />
      </Field>
      <datalist id="complaint-facilities">
        {facilities.map((one) => (
          <option key={one.id} value={one.name[language]} />
        ))}
      </datalist>
      <Field label={t('complaints.when')}>
        <input type="datetime-local" name="when" />
      </Field>
      <Field label={t('complaints.kind')}>
        <select name="kind" defaultValue="treatment">
          {ComplaintKind.options.map((kind) => (
            <option key={kind} value={kind}>
              {t(`complaints.kinds.${kind}`)}
            </option>
          ))}
        </select>
      </Field>
      <Field label={t('complaints.text')}>
        <textarea name="text" rows={6} maxLength={8000} required />
      </Field>
      <label className={styles.check}>
        <input type="checkbox" checked={anonymous} onChange={(event) => setAnonymous(event.target.checked)} />
        {t('complaints.anonymous')}
      </label>
      {anonymous ? null : (
        <FieldGroup label={t('complaints.contact')}>
          <div className={styles.contact}>
            {CONTACTS.map((name) => (
              <Field key={name} label={t(`complaints.contacts.${name}`)}>
                <input name={name} maxLength={name === 'phone' ? 40 : 200} autoComplete="off" />
              </Field>
            ))}
          </div>
          <p className={styles.hint}>{t('complaints.private')}</p>
        </FieldGroup>
      )}
      <Failure>{failure && `${t('complaints.notTaken')} ${t(`errors.${failure}`)}`}</Failure>
      <Button type="submit" look="primary" disabled={pending || !facility}>
        {pending ? t('complaints.pending') : t('complaints.take')}
      </Button>
    </form>
  );
}
