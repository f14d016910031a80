import { useState } from 'react';
import { Button } from '../design/Button.tsx';
import control from '../design/Control.module.css';
import { useTexts } from '../desk/desk-context.ts';
import styles from './Kept.module.css';

interface RenameFormProps {
  name: string;
  /** Whether it has the new name now. */
  onRename(name: string): Promise<boolean>;
  onClose(): void;
}

/** Another name for a kept thing. */
export function RenameForm({ name, onRename, onClose }: RenameFormProps) {
  const { t } = useTexts();
  const [next, setNext] = useState(name);
  const wish = next.trim();
  const isOther = wish !== '' && wish !== name;
  return (
    <form
      className={styles.panel}
      onSubmit={(event) => {
        event.preventDefault();
        if (isOther) void onRename(wish).then((isDone) => isDone && onClose());
      }}
    >
      <input
        className={control.control}
        value={next}
        maxLength={80}
        aria-label={t('kept.newName')}
        onChange={({ target }) => setNext(target.value)}
      />
      <div className={styles.tools}>
        <Button type="submit" disabled={!isOther}>
          {t('kept.saveName')}
        </Button>
        <Button look="quiet" onClick={onClose}>
          {t('kept.leave')}
        </Button>
      </div>
    </form>
  );
}
