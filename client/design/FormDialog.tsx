import type { KeyboardEvent, ReactNode, RefObject } from 'react';
import { Button } from './Button.tsx';
import { Failure } from './Field.tsx';
import styles from './FormDialog.module.css';
import { Modal } from './Modal.tsx';

interface FormDialogProps {
  /** @default true */
  open?: boolean;
  onClose(): void;
  title: string;
  subtitle?: string | undefined;
  cancel: string;
  submit: string;
  /** It cannot be sent now: something is missing, or is under way. @default false */
  disabled?: boolean;
  onSubmit(): void;
  /** Something else to do here, in the place of the button that leaves. */
  instead?: { label: string; act(): void; disabled: boolean } | undefined;
  /** What did not work. */
  failure?: string | undefined;
  /** Beside the buttons: what is still missing. */
  note?: string | undefined;
  /** The same, about keys: only where there is a keyboard. */
  keys?: string;
  initialFocus?: RefObject<HTMLElement | null>;
  form?: RefObject<HTMLFormElement | null>;
  submitButton?: RefObject<HTMLButtonElement | null>;
  onKeyDown?: (event: KeyboardEvent) => void;
  /** Another dialog that belongs to this one; not inside the form, or its sending would send both. */
  beside?: ReactNode;
  children: ReactNode;
}

/** A dialog that asks for something and sends it. Control and Enter send it from anywhere in it. */
export function FormDialog({
  open = true,
  onClose,
  title,
  subtitle,
  cancel,
  submit,
  disabled = false,
  onSubmit,
  instead,
  failure,
  note,
  keys,
  initialFocus,
  form,
  submitButton,
  onKeyDown,
  beside,
  children,
}: FormDialogProps) {
  const handleKey = (event: KeyboardEvent<HTMLFormElement>) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.currentTarget.requestSubmit();
    } else onKeyDown?.(event);
  };
  return (
    <Modal
      open={open}
      onClose={onClose}
      title={title}
      subtitle={subtitle}
      closeLabel={cancel}
      {...(initialFocus ? { initialFocus } : {})}
    >
      <form
        {...(form ? { ref: form } : {})}
        className={styles.form}
        onKeyDown={handleKey}
        onSubmit={(event) => {
          event.preventDefault();
          if (!disabled) onSubmit();
        }}
      >
        {children}
        <Failure>{failure}</Failure>
        <footer className={styles.footer}>
          <span className={styles.note}>
            {note}
            {keys ? (
              <span className={styles.keys}>
                {note ? ' · ' : ''}
                {keys}
              </span>
            ) : null}
          </span>
          {instead ? (
            <Button disabled={instead.disabled} onClick={instead.act}>
              {instead.label}
            </Button>
          ) : (
            <Button onClick={onClose}>{cancel}</Button>
          )}
          <Button
            {...(submitButton ? { ref: submitButton } : {})}
            type="submit"
            look="primary"
            disabled={disabled}
          >
            {submit}
          </Button>
        </footer>
      </form>
      {beside}
    </Modal>
  );
}
