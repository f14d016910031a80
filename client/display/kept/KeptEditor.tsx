import { type ReactNode, useState } from 'react';
import type { Sharing } from '#contract/kept.ts';
import { Button } from '../../design/Button.tsx';
import { Modal } from '../../design/Modal.tsx';
import { useDesk, useTexts } from '../../desk/desk-context.ts';
import { ShareField } from '../../wall/layout/ShareField.tsx';
import styles from '../DisplaysPage.module.css';

interface KeptEditorProps {
  kind: 'tours' | 'walls';
  /** What is changed; a new one without. */
  thing: { name: string; shared: Sharing } | undefined;
  failure: string | undefined;
  /** What is in it can be kept. */
  isWhole: boolean;
  onSave(about: { name: string; shared: Sharing }): Promise<void>;
  onClose(): void;
  children: ReactNode;
}

/** The dialog in which something that is kept is made or changed: its name, who finds it, and the fields of its kind. */
export function KeptEditor({ kind, thing, failure, isWhole, onSave, onClose, children }: KeptEditorProps) {
  const { t } = useTexts();
  const { who } = useDesk();
  const [name, setName] = useState(thing?.name ?? '');
  const [shared, setShared] = useState<Sharing>(
    () => thing?.shared ?? (who.role ? { kind: 'role', role: who.role } : { kind: 'own' }),
  );
  const [pending, setPending] = useState(false);
  const mayKeep = isWhole && name.trim() !== '';
  const save = async () => {
    setPending(true);
    await onSave({ name: name.trim(), shared });
    setPending(false);
  };
  return (
    <Modal
      open
      onClose={onClose}
      title={thing ? t(`${kind}.change`, { name: thing.name }) : t(`${kind}.add`)}
      closeLabel={t('displays.close')}
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (mayKeep) void save();
        }}
      >
        <label className={styles.field}>
          {t(`${kind}.name`)}
          <input
            className={styles.input}
            value={name}
            maxLength={80}
            required
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        {children}
        <ShareField value={shared} onChange={setShared} />
        {failure ? (
          <p className={styles.failure} role="alert">
            {failure}
          </p>
        ) : null}
        <div className={styles.actions}>
          <Button type="submit" look="primary" disabled={pending || !mayKeep}>
            {t(`${kind}.save`)}
          </Button>
          <Button onClick={onClose}>{t('displays.cancel')}</Button>
        </div>
      </form>
    </Modal>
  );
}
