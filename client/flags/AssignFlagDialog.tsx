import { useEffect, useState } from 'react';
import type { Assignee } from '#contract/alerts.ts';
import type { Flag } from '#contract/flags.ts';
import { Choices, Failure, Field, FieldGroup } from '../design/Field.tsx';
import { FormDialog } from '../design/FormDialog.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import type { FailureCode } from '../session/failure.ts';
import { type AssigneePlace, assigneesOfAll, placesOf } from './assignees.ts';
import { type FlagsDialogProps, useStepOnAll } from './use-step-on-all.ts';

/** The contract takes a reason of at least this many characters, or none. */
const MIN_REASON = 3;

/** Hands flags to somebody who can have them. */
export function AssignFlagDialog({ flags, onClose, onOutcome }: FlagsDialogProps) {
  const { t } = useTexts();
  const { flags: actions } = useDesk();
  const { places, people } = useAssignees(flags);
  const { pending, failure, stepOn } = useStepOnAll(flags, { onDone: onClose, onOutcome });
  const [assignee, setAssignee] = useState<string>();
  const [note, setNote] = useState('');
  const [first] = flags;
  const reason = note.trim();
  const given = reason.length < MIN_REASON ? undefined : reason;
  return (
    <FormDialog
      onClose={onClose}
      title={t('assign.title')}
      subtitle={t(`categories.${first.category}`)}
      cancel={t('assign.cancel')}
      submit={pending ? t('assign.pending') : t('assign.submit')}
      disabled={pending || assignee === undefined}
      onSubmit={() =>
        assignee !== undefined && stepOn('assigned', (flag) => actions.assign(flag, assignee, given))
      }
      failure={failure && `${t('assign.failed')}. ${failure}`}
    >
      <FieldGroup label={t('assign.to')}>
        <People people={people} places={places} chosen={assignee} onChoose={setAssignee} />
      </FieldGroup>
      <Field label={t('assign.note')}>
        <textarea
          rows={2}
          maxLength={500}
          value={note}
          placeholder={t('assign.notePlaceholder')}
          onChange={(event) => setNote(event.target.value)}
        />
      </Field>
    </FormDialog>
  );
}

type Found = readonly Assignee[] | FailureCode | undefined;

interface PeopleProps {
  people: Found;
  /** Where they have to be responsible. */
  places: readonly AssigneePlace[];
  chosen: string | undefined;
  onChoose(username: string): void;
}

function People({ people, places, chosen, onChoose }: PeopleProps) {
  const { t, language } = useTexts();
  if (people === undefined) return <p>{t('assign.loading')}</p>;
  if (typeof people === 'string') return <Failure>{t(`errors.${people}`)}</Failure>;
  if (people.length === 0) return <p role="status">{t(nobodyOf(places))}</p>;
  return (
    <Choices
      name="assignee"
      options={people.map(({ username }) => username)}
      chosen={chosen}
      onChoose={onChoose}
    >
      {(username) => {
        const one = people.find((person) => person.username === username);
        return one ? <span title={t(`user.roles.${one.role}`)}>{one.displayName[language]}</span> : username;
      }}
    </Choices>
  );
}

/** That there is nobody, and what to do where the flags are of several places. */
function nobodyOf(places: readonly AssigneePlace[]) {
  const [first] = places;
  if (places.some(({ regionId }) => regionId !== first?.regionId)) return 'assign.nobodyForRegions';
  const isOneFacility = places.length === 1 && first?.facilityId !== undefined;
  return isOneFacility ? 'assign.nobody' : 'assign.nobodyForFacilities';
}

/** Those to whom all of the flags can be assigned that the dialog was opened for. */
function useAssignees(flags: readonly Flag[]): { places: readonly AssigneePlace[]; people: Found } {
  const { flags: actions, who } = useDesk();
  // What is done, or closed by others, goes from the flags; whoever can have all of them can have the rest.
  const [places] = useState(() => placesOf(flags, who.scope));
  const [people, setPeople] = useState<Found>();
  useEffect(() => {
    let isOver = false;
    void assigneesOfAll(places, actions.assignees).then((answer) => {
      if (!isOver) setPeople(answer.ok ? answer.value : answer.code);
    });
    return () => {
      isOver = true;
    };
  }, [actions, places]);
  return { places, people };
}
