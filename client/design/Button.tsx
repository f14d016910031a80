import type { ComponentProps } from 'react';
import styles from './Button.module.css';

interface ButtonProps extends ComponentProps<'button'> {
  /** `primary`: the one thing to do here. `quiet`: an icon or word among content. @default 'plain' */
  look?: 'primary' | 'plain' | 'quiet';
  /** Only an icon: the caller gives `aria-label`. */
  iconOnly?: boolean;
}

/** The button that every other one is made of. */
export function Button({ look = 'plain', iconOnly = false, className, type, ...rest }: ButtonProps) {
  const classes = [styles.button, styles[look], iconOnly ? styles.icon : '', className ?? ''];
  return <button type={type ?? 'button'} className={classes.filter(Boolean).join(' ')} {...rest} />;
}
