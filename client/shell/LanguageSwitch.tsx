import { useTranslation } from 'react-i18next';
import { LANGUAGES, languageOf, rememberLanguage } from '../i18n/i18n.ts';
import styles from './LanguageSwitch.module.css';

/** Each language by its own name, the present one marked. */
export function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  const current = languageOf(i18n);
  return (
    <fieldset className={styles.group}>
      <legend className={styles.legend}>{t('user.language')}</legend>
      {LANGUAGES.map((language) => (
        <button
          key={language}
          type="button"
          lang={language}
          className={styles.option}
          aria-pressed={language === current}
          onClick={() => {
            rememberLanguage(language, localStorage);
            forgetUrlLanguage();
            void i18n.changeLanguage(language);
          }}
        >
          {t(`user.${language}`)}
        </button>
      ))}
    </fieldset>
  );
}

/** A choice made by hand goes before the one in the link that brought the person here. */
function forgetUrlLanguage(): void {
  const url = new URL(location.href);
  if (!url.searchParams.has('lang')) return;
  url.searchParams.delete('lang');
  history.replaceState(history.state, '', url);
}
