import { Menu } from '@base-ui/react/menu';
import { Check, ChevronDown } from 'lucide-react';
import type { Region } from '#contract/nation.ts';
import { Button } from '../design/Button.tsx';
import { useDesk, useLive, useTexts, useView } from '../desk/desk-context.ts';
import { useFacetCounts } from '../filter/use-facet-counts.ts';
import { byName } from '../i18n/by-name.ts';
import { toggled } from './conditions.ts';
import styles from './RegionMenu.module.css';

/** Which part of the country. An account with one region has nothing to choose. */
export function RegionMenu() {
  const { t, language } = useTexts();
  const regions = useLive((state) => state.registry?.regions);
  const filter = useView((state) => state.filter);
  if (!regions) return null;
  const [only] = regions;
  if (regions.length === 1 && only) return <span className={styles.only}>{only.name[language]}</span>;
  const sorted = regions.toSorted(byName(language));
  return (
    <Menu.Root>
      <Menu.Trigger render={<Button />}>
        {filter.region.length === 0
          ? t('filter.wholeCountry')
          : t('filter.regions', { count: filter.region.length })}
        <ChevronDown size="0.9375rem" aria-hidden="true" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={6} align="start">
          <Menu.Popup className={styles.popup}>
            <Regions regions={sorted} />
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

function Regions({ regions }: { regions: readonly Region[] }) {
  const { t, language, formats } = useTexts();
  const { view } = useDesk();
  const filter = useView((state) => state.filter);
  const counts = useFacetCounts()?.get('region');
  return regions.map(({ id, name, status }) => (
    <Menu.CheckboxItem
      key={id}
      className={styles.item}
      checked={filter.region.includes(id)}
      onCheckedChange={() =>
        view.setFilter(toggled(view.store.getState().filter, { facet: 'region', value: id }))
      }
      closeOnClick={false}
    >
      <span className={styles.check}>
        <Menu.CheckboxItemIndicator>
          <Check size="0.9375rem" aria-hidden="true" />
        </Menu.CheckboxItemIndicator>
      </span>
      {name[language]}
      <span className={styles.count}>
        {status === 'temporarily-occupied' ? t('map.noData') : formats.whole(counts?.get(id) ?? 0)}
      </span>
    </Menu.CheckboxItem>
  ));
}
