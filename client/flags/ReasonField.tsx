import type { RefObject } from 'react';
import { Field } from '../design/Field.tsx';

/** The contract asks for a reason of at least this many characters. */
const MIN_REASON = 3;
const MAX_REASON = 500;

export function isReason(text: string): boolean {
  return text.trim().length >= MIN_REASON;
}

interface ReasonFieldProps {
  label: string;
  hint?: string;
  input: RefObject<HTMLTextAreaElement | null>;
  value: string;
  placeholder: string;
  onChange(value: string): void;
}

/** Why something is done with flags; everybody sees it. */
export function ReasonField({ label, hint, input, value, placeholder, onChange }: ReasonFieldProps) {
  return (
    <Field label={label} {...(hint === undefined ? {} : { hint })}>
      <textarea
        ref={input}
        rows={3}
        maxLength={MAX_REASON}
        required
        value={value}
        placeholder={placeholder}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}
