import { useTranslation } from 'react-i18next';
import styles from './LanguageSwitch.module.css';
import { THEMES, useTheme } from './theme.ts';

/** Light for a desk, dark for a room, or as the system says; kept on this device. */
export function ThemeSwitch() {
  const { t } = useTranslation();
  const { theme, setTheme } = useTheme();
  return (
    <fieldset className={styles.group}>
      <legend className={styles.legend}>{t('user.theme')}</legend>
      {THEMES.map((one) => (
        <button
          key={one}
          type="button"
          className={styles.option}
          aria-pressed={one === theme}
          onClick={() => setTheme(one)}
        >
          {t(`user.themes.${one}`)}
        </button>
      ))}
    </fieldset>
  );
}
