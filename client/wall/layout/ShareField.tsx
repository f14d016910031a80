import type { Sharing } from '#contract/kept.ts';
import { useDesk, useLive, useTexts } from '../../desk/desk-context.ts';
import { byName } from '../../i18n/by-name.ts';
import styles from './LayoutMenu.module.css';

interface ShareFieldProps {
  value: Sharing;
  onChange(shared: Sharing): void;
}

/** Who is to find what somebody keeps: only they, their role, or whoever sees a region. */
export function ShareField({ value, onChange }: ShareFieldProps) {
  const { t, language } = useTexts();
  const { who } = useDesk();
  const regions = useLive((state) => state.registry?.regions);
  const { scope, role } = who;
  // Whoever is of single facilities shares with no region.
  const own = regions?.filter(
    ({ id }) => scope.kind === 'nation' || (scope.kind === 'regions' && scope.regionIds.includes(id)),
  );
  const choices: { key: string; name: string; shared: Sharing }[] = [
    { key: 'own', name: t('layout.shareOwn'), shared: { kind: 'own' } },
    ...(role ? [{ key: 'role', name: t('layout.shareRole'), shared: { kind: 'role' as const, role } }] : []),
    ...(own ?? []).toSorted(byName(language)).map(({ id, name }) => ({
      key: id,
      name: name[language],
      shared: { kind: 'region' as const, regionId: id },
    })),
  ];
  return (
    <label className={styles.field}>
      {t('layout.share')}
      <select
        className={styles.input}
        value={value.kind === 'region' ? value.regionId : value.kind}
        onChange={({ target }) => {
          const choice = choices.find(({ key }) => key === target.value);
          if (choice) onChange(choice.shared);
        }}
      >
        {choices.map(({ key, name }) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
