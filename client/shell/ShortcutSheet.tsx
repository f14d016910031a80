import { Modal } from '../design/Modal.tsx';
import { useTexts } from '../desk/desk-context.ts';
import { Keys } from './Keys.tsx';
import styles from './ShortcutSheet.module.css';
import { keysOf, SHORTCUTS, type Where } from './shortcuts.ts';

const PLACES = ['everywhere', 'wall', 'focus', 'map', 'queue', 'oncall'] as const satisfies readonly Where[];

/** Every key that means something, and where. */
export function ShortcutSheet({ onClose }: { onClose(): void }) {
  const { t } = useTexts();
  return (
    <Modal open onClose={onClose} title={t('shortcuts.title')} closeLabel={t('shortcuts.close')}>
      {PLACES.map((where) => (
        <section key={where} aria-label={t(`shortcuts.where.${where}`)}>
          <h3 className={styles.heading}>{t(`shortcuts.where.${where}`)}</h3>
          <dl className={styles.list}>
            {SHORTCUTS.filter((one) => one.where === where).map(({ id, chords }) => (
              <div key={id} className={styles.row} data-shortcut={id}>
                <dt className={styles.keys}>
                  {chords.map((chord) => (
                    <Keys key={keysOf(chord).join()} chord={chord} />
                  ))}
                </dt>
                <dd>{t(`shortcuts.${id}`)}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Modal>
  );
}
