import { useId, useState } from 'react';
import type { HandoverNote } from '#contract/handover.ts';
import { Button } from '../design/Button.tsx';
import { Field } from '../design/Field.tsx';
import { useTexts } from '../desk/desk-context.ts';
import styles from './HandoverPage.module.css';

interface NotesProps {
  notes: readonly HandoverNote[];
  /** Absent where nothing can be added. Fulfilled with whether it was. */
  onAdd?: ((text: string) => Promise<boolean>) | undefined;
}

/** What people wrote down for each other. */
export function HandoverNotes({ notes, onAdd }: NotesProps) {
  const { t, formats } = useTexts();
  const id = useId();
  const [text, setText] = useState('');
  return (
    <section className={styles.section} aria-labelledby={id}>
      <h2 id={id} className={styles.heading}>
        {t('handover.notes')}
      </h2>
      {notes.length === 0 ? <p className={styles.hint}>{t('handover.noNotes')}</p> : null}
      <ul className={styles.items}>
        {notes.map((note) => (
          <li key={`${note.at} ${note.by}`} className={styles.note}>
            <p>{note.text}</p>
            <p className={styles.details}>
              {note.by} · {formats.dayAndTime(Date.parse(note.at))}
            </p>
          </li>
        ))}
      </ul>
      {onAdd ? (
        <form
          className={styles.form}
          onSubmit={async (event) => {
            event.preventDefault();
            if (await onAdd(text)) setText('');
          }}
        >
          <Field label={t('handover.noteLabel')}>
            <textarea
              value={text}
              rows={2}
              maxLength={2000}
              onChange={(event) => setText(event.target.value)}
            />
          </Field>
          <div className={styles.end}>
            <Button type="submit" disabled={text.trim() === ''}>
              {t('handover.addNote')}
            </Button>
          </div>
        </form>
      ) : null}
    </section>
  );
}
