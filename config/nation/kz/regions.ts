import type { RegionId } from '#contract/ids.ts';
import type { RegionRow } from '../plan.ts';

/** The 20 regions of Kazakhstan by ISO 3166-2:KZ, ordered by code, as they are since June 2022. */
export const REGION_ROWS: readonly RegionRow[] = [
  oblast('KZ-10', 'Абайська', 'Абайської', 'Abai'),
  oblast('KZ-11', 'Акмолинська', 'Акмолинської', 'Akmola'),
  oblast('KZ-15', 'Актюбінська', 'Актюбінської', 'Aktobe'),
  oblast('KZ-19', 'Алматинська', 'Алматинської', 'Almaty'),
  oblast('KZ-23', 'Атирауська', 'Атирауської', 'Atyrau'),
  oblast('KZ-27', 'Західноказахстанська', 'Західноказахстанської', 'West Kazakhstan'),
  oblast('KZ-31', 'Жамбилська', 'Жамбилської', 'Zhambyl'),
  oblast('KZ-33', 'Жетисуська', 'Жетисуської', 'Zhetysu'),
  oblast('KZ-35', 'Карагандинська', 'Карагандинської', 'Karaganda'),
  oblast('KZ-39', 'Костанайська', 'Костанайської', 'Kostanay'),
  oblast('KZ-43', 'Кизилординська', 'Кизилординської', 'Kyzylorda'),
  oblast('KZ-47', 'Мангістауська', 'Мангістауської', 'Mangystau'),
  oblast('KZ-55', 'Павлодарська', 'Павлодарської', 'Pavlodar'),
  oblast('KZ-59', 'Північноказахстанська', 'Північноказахстанської', 'North Kazakhstan'),
  oblast('KZ-61', 'Туркестанська', 'Туркестанської', 'Turkistan'),
  oblast('KZ-62', 'Улитауська', 'Улитауської', 'Ulytau'),
  oblast('KZ-63', 'Східноказахстанська', 'Східноказахстанської', 'East Kazakhstan'),
  {
    id: 'KZ-71',
    name: { uk: 'м. Астана', en: 'Astana City' },
    directorate: { uk: 'ДП м. Астани', en: 'Police Department of Astana City' },
  },
  {
    id: 'KZ-75',
    name: { uk: 'м. Алмати', en: 'Almaty City' },
    directorate: { uk: 'ДП м. Алмати', en: 'Police Department of Almaty City' },
  },
  {
    id: 'KZ-79',
    name: { uk: 'м. Шимкент', en: 'Shymkent City' },
    directorate: { uk: 'ДП м. Шимкента', en: 'Police Department of Shymkent City' },
  },
];

/** `ofUk`: the adjective as it stands after "department of". */
function oblast(id: RegionId, uk: string, ofUk: string, en: string): RegionRow {
  return {
    id,
    name: { uk: `${uk} область`, en: `${en} Region` },
    directorate: { uk: `ДП ${ofUk} області`, en: `Police Department of ${en} Region` },
  };
}
