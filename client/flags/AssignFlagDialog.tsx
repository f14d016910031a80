import { useEffect, useState } from 'react';
import type { Assignee } from '#contract/alerts.ts';
import { FLAG_TRANSITIONS, type Flag } from '#contract/flags.ts';
import { Button } from '../design/Button.tsx';
import { Modal } from '../design/Modal.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import type { FailureCode } from '../session/failure.ts';
import styles from './RaiseFlagDialog.module.css';

/** The contract takes a reason of at least this many characters, or none. */
const MIN_REASON = 3;

/** Hands flags to somebody who can have them. */
export function AssignFlagDialog({ flags, onClose }: { flags: readonly [Flag, ...Flag[]]; onClose(): void }) {
  const { t } = useTexts();
  const { flags: actions } = useDesk();
  const people = useAssignees(flags);
  const [assignee, setAssignee] = useState<string>();
  const [note, setNote] = useState('');
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<FailureCode>();
  const [first] = flags;
  const reason = note.trim();

  async function send() {
    if (pending || assignee === undefined) return;
    setPending(true);
    setFailure(undefined);
    for (const flag of flags) {
      if (!FLAG_TRANSITIONS[flag.state].includes('assigned')) continue;
      const outcome = await actions.assign(flag, assignee, reason.length < MIN_REASON ? undefined : reason);
      if (!outcome.ok) {
        setPending(false);
        setFailure(outcome.code);
        return;
      }
    }
    onClose();
  }

  return (
    <Modal
      open
      onClose={onClose}
      title={t('assign.title')}
      subtitle={t(`categories.${first.category}`)}
      closeLabel={t('assign.cancel')}
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <fieldset className={styles.group}>
          <legend className={styles.legend}>{t('assign.to')}</legend>
          <People people={people} chosen={assignee} onChoose={setAssignee} />
        </fieldset>
        <label className={styles.group}>
          <span className={styles.legend}>{t('assign.note')}</span>
          <textarea
            className={styles.note}
            rows={2}
            maxLength={500}
            value={note}
            placeholder={t('assign.notePlaceholder')}
            onChange={(event) => setNote(event.target.value)}
          />
        </label>
        {failure ? (
          <p className={styles.failure} role="alert">
            {t('assign.failed')}. {t(`errors.${failure}`)}
          </p>
        ) : null}
        <footer className={styles.footer}>
          <Button onClick={onClose}>{t('assign.cancel')}</Button>
          <Button type="submit" look="primary" disabled={pending || assignee === undefined}>
            {pending ? t('assign.pending') : t('assign.submit')}
          </Button>
        </footer>
      </form>
    </Modal>
  );
}

interface PeopleProps {
  people: readonly Assignee[] | FailureCode | undefined;
  chosen: string | undefined;
  onChoose(username: string): void;
}

function People({ people, chosen, onChoose }: PeopleProps) {
  const { t, language } = useTexts();
  if (people === undefined) return <p>{t('assign.loading')}</p>;
  if (typeof people === 'string')
    return (
      <p className={styles.failure} role="alert">
        {t(`errors.${people}`)}
      </p>
    );
  if (people.length === 0) return <p>{t('assign.nobody')}</p>;
  return (
    <div className={styles.categories}>
      {people.map(({ username, displayName, role }) => (
        <label
          key={username}
          className={styles.category}
          data-chosen={username === chosen || undefined}
          title={t(`user.roles.${role}`)}
        >
          <input
            type="radio"
            name="assignee"
            value={username}
            checked={username === chosen}
            onChange={() => onChoose(username)}
          />
          {displayName[language]}
        </label>
      ))}
    </div>
  );
}

/** Those to whom all of these flags can be assigned: of the facility if they are of one, else of the region. */
function useAssignees(flags: readonly [Flag, ...Flag[]]): PeopleProps['people'] {
  const { flags: actions } = useDesk();
  const [people, setPeople] = useState<PeopleProps['people']>();
  const [{ regionId, facilityId }] = flags;
  const facility = flags.every((flag) => flag.facilityId === facilityId) ? facilityId : undefined;
  useEffect(() => {
    let isOver = false;
    void actions.assignees(regionId, facility).then((answer) => {
      if (!isOver) setPeople(answer.ok ? answer.value.items : answer.code);
    });
    return () => {
      isOver = true;
    };
  }, [actions, regionId, facility]);
  return people;
}
