import type { DisplayPlacing } from '#contract/displays.ts';
import { useTexts } from '../desk/desk-context.ts';
import styles from './DisplaysPage.module.css';

/** Where a display stands, how it is read, and whether alarms come to it. Fields of a form; see {@link placingOf}. */
export function PlacingFields({ placing }: { placing?: DisplayPlacing }) {
  const { t } = useTexts();
  return (
    <>
      <label className={styles.field}>
        {t('displays.name')}
        <input
          className={styles.input}
          name="name"
          required
          maxLength={60}
          autoComplete="off"
          defaultValue={placing?.name}
        />
      </label>
      <label className={styles.field}>
        {t('displays.place')}
        <input
          className={styles.input}
          name="place"
          maxLength={120}
          autoComplete="off"
          defaultValue={placing?.place}
        />
      </label>
      <div className={styles.pair}>
        <label className={styles.field}>
          {t('displays.diagonal')}
          <input
            className={styles.input}
            name="diagonal"
            type="number"
            min={5}
            max={500}
            step="any"
            defaultValue={placing?.diagonalInches ?? 55}
            required
          />
        </label>
        <label className={styles.field}>
          {t('displays.distance')}
          <input
            className={styles.input}
            name="distance"
            type="number"
            min={0.3}
            max={50}
            step="any"
            defaultValue={placing?.distanceM ?? 4}
            required
          />
        </label>
      </div>
      <label className={styles.choice}>
        <input type="checkbox" name="spot" defaultChecked={placing?.spot ?? false} />
        {t('displays.spot')}
      </label>
      <p className={styles.faint}>{t('displays.spotHint')}</p>
    </>
  );
}

/** What somebody wrote into the fields. */
export function placingOf(form: FormData): DisplayPlacing {
  return {
    name: String(form.get('name')),
    place: String(form.get('place')),
    diagonalInches: Number(form.get('diagonal')),
    distanceM: Number(form.get('distance')),
    spot: form.get('spot') !== null,
  };
}
