import { cloneElement, type ReactElement, type ReactNode, type Ref, useId } from 'react';
import styles from './Field.module.css';

interface FieldProps {
  label: string;
  /** What stands below the control, and is said after its name. */
  hint?: string | undefined;
  /** One input, select or text area. */
  children: ReactElement<{ id?: string; 'aria-describedby'?: string }>;
}

/** A control with its name above it. Every input, select and text area inside looks the same. */
export function Field({ label, hint, children }: FieldProps) {
  const id = useId();
  const hintId = `${id}-hint`;
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      {cloneElement(children, { id, ...(hint ? { 'aria-describedby': hintId } : {}) })}
      {hint ? (
        <span id={hintId} className={styles.hint}>
          {hint}
        </span>
      ) : null}
    </div>
  );
}

interface FieldGroupProps {
  label: string;
  /** @default false */
  disabled?: boolean;
  children: ReactNode;
}

/** Controls that belong together, under one name. */
export function FieldGroup({ label, disabled = false, children }: FieldGroupProps) {
  return (
    <fieldset className={styles.group} disabled={disabled}>
      <legend className={styles.label}>{label}</legend>
      {children}
    </fieldset>
  );
}

interface ChoicesProps<T extends string | number> {
  /** The same for all of them, and for no others on the page. */
  name: string;
  options: readonly T[];
  chosen: NoInfer<T> | undefined;
  onChoose(option: NoInfer<T>): void;
  /** All as wide as each other, in a row or two. @default false */
  even?: boolean;
  /** The one that is chosen, for the focus. */
  current?: Ref<HTMLInputElement>;
  /** What is seen of an option. */
  children(option: NoInfer<T>): ReactNode;
}

/** One of a few, each of them in sight. */
export function Choices<T extends string | number>({
  name,
  options,
  chosen,
  onChoose,
  even = false,
  current,
  children,
}: ChoicesProps<T>) {
  return (
    <div className={even ? styles.even : styles.choices}>
      {options.map((option) => (
        <Choice
          key={option}
          type="radio"
          name={name}
          checked={option === chosen}
          onChange={() => onChoose(option)}
          {...(current && option === chosen ? { input: current } : {})}
        >
          {children(option)}
        </Choice>
      ))}
    </div>
  );
}

interface ChoiceProps {
  type: 'radio' | 'checkbox';
  name?: string;
  checked: boolean;
  onChange(): void;
  input?: Ref<HTMLInputElement>;
  children: ReactNode;
}

/** A radio button or a box whose label is what is seen and pressed. */
export function Choice({ type, name, checked, onChange, input, children }: ChoiceProps) {
  return (
    <label className={styles.choice} data-chosen={checked || undefined}>
      <input
        {...(input ? { ref: input } : {})}
        type={type}
        checked={checked}
        onChange={onChange}
        {...(name ? { name } : {})}
      />
      {children}
    </label>
  );
}

/** Things side by side, as far as they fit. */
export function Line({ children }: { children: ReactNode }) {
  return <div className={styles.line}>{children}</div>;
}

/** What did not work; says itself when it appears. Nothing without a text. */
export function Failure({ children }: { children: string | undefined }) {
  if (!children) return null;
  return (
    <p className={styles.failure} role="alert">
      {children}
    </p>
  );
}
