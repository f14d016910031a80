import styles from './DisplaysPage.module.css';

interface NumberFieldProps {
  label: string;
  value: number;
  min: number;
  max: number;
  onChange(value: number): void;
}

/** A whole number within bounds. */
export function NumberField({ label, value, min, max, onChange }: NumberFieldProps) {
  return (
    <label className={styles.field}>
      {label}
      <input
        className={styles.input}
        type="number"
        value={value}
        min={min}
        max={max}
        required
        onChange={({ target }) => {
          const wish = Math.round(target.valueAsNumber);
          if (Number.isFinite(wish)) onChange(Math.min(max, Math.max(min, wish)));
        }}
      />
    </label>
  );
}
