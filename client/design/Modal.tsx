import { Dialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import { Button } from './Button.tsx';
import styles from './Modal.module.css';

interface ModalProps {
  open: boolean;
  onClose(): void;
  title: string;
  /** What the dialog is about, beside its title. */
  subtitle?: string | undefined;
  closeLabel: string;
  /** Gets the focus when the dialog opens; the first control otherwise. */
  initialFocus?: RefObject<HTMLElement | null>;
  children: ReactNode;
}

/** A dialog that a person asked for. Nothing else ever lies over the pictures. */
export function Modal({ open, onClose, title, subtitle, closeLabel, initialFocus, children }: ModalProps) {
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup className={styles.popup} {...(initialFocus ? { initialFocus } : {})}>
          <div className={styles.header}>
            <div className={styles.heading}>
              <Dialog.Title className={styles.title}>{title}</Dialog.Title>
              {subtitle ? (
                <Dialog.Description className={styles.subtitle}>{subtitle}</Dialog.Description>
              ) : null}
            </div>
            <Dialog.Close render={<Button look="quiet" iconOnly aria-label={closeLabel} />}>
              <X size="1.125rem" aria-hidden="true" />
            </Dialog.Close>
          </div>
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
