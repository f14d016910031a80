import { useTranslation } from 'react-i18next';
import { TEXT_SIZES, useTextSize } from './scale.ts';
import styles from './UserMenu.module.css';

/** How large text is on this device: a wall that nobody enrolled is read from across a room as well. */
export function TextSizeField() {
  const { t } = useTranslation();
  const { size, setSize } = useTextSize();
  return (
    <label className={styles.size}>
      {t('user.textSize')}
      <select
        className={styles.select}
        value={size}
        onChange={({ target }) => {
          const chosen = TEXT_SIZES.find((one) => one === target.value);
          if (chosen) setSize(chosen);
        }}
      >
        {TEXT_SIZES.map((one) => (
          <option key={one} value={one}>
            {one === 'auto' ? t('user.textSizeAuto') : t('user.textSizeTimes', { times: one })}
          </option>
        ))}
      </select>
    </label>
  );
}
