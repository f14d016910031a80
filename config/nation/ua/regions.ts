import type { RegionId } from '#contract/ids.ts';
import type { RegionRow } from '../plan.ts';

/** The 27 regions, ordered by code. */
export const REGION_ROWS: readonly RegionRow[] = [
  oblast('UA-05', 'Вінницька', 'у Вінницькій', 'Vinnytsia'),
  oblast('UA-07', 'Волинська', 'у Волинській', 'Volyn'),
  oblast('UA-09', 'Луганська', 'в Луганській', 'Luhansk'),
  oblast('UA-12', 'Дніпропетровська', 'в Дніпропетровській', 'Dnipropetrovsk'),
  oblast('UA-14', 'Донецька', 'в Донецькій', 'Donetsk'),
  oblast('UA-18', 'Житомирська', 'в Житомирській', 'Zhytomyr'),
  oblast('UA-21', 'Закарпатська', 'в Закарпатській', 'Zakarpattia'),
  oblast('UA-23', 'Запорізька', 'в Запорізькій', 'Zaporizhzhia'),
  oblast('UA-26', 'Івано-Франківська', 'в Івано-Франківській', 'Ivano-Frankivsk'),
  {
    id: 'UA-30',
    name: { uk: 'м. Київ', en: 'Kyiv City' },
    directorate: { uk: 'ГУНП у м. Києві', en: 'Main Directorate of the National Police in Kyiv City' },
  },
  oblast('UA-32', 'Київська', 'в Київській', 'Kyiv'),
  oblast('UA-35', 'Кіровоградська', 'в Кіровоградській', 'Kirovohrad'),
  { id: 'UA-40', name: { uk: 'м. Севастополь', en: 'Sevastopol City' }, directorate: null },
  {
    id: 'UA-43',
    name: { uk: 'Автономна Республіка Крим', en: 'Autonomous Republic of Crimea' },
    directorate: null,
  },
  oblast('UA-46', 'Львівська', 'у Львівській', 'Lviv'),
  oblast('UA-48', 'Миколаївська', 'в Миколаївській', 'Mykolaiv'),
  oblast('UA-51', 'Одеська', 'в Одеській', 'Odesa'),
  oblast('UA-53', 'Полтавська', 'в Полтавській', 'Poltava'),
  oblast('UA-56', 'Рівненська', 'в Рівненській', 'Rivne'),
  oblast('UA-59', 'Сумська', 'в Сумській', 'Sumy'),
  oblast('UA-61', 'Тернопільська', 'в Тернопільській', 'Ternopil'),
  oblast('UA-63', 'Харківська', 'в Харківській', 'Kharkiv'),
  oblast('UA-65', 'Херсонська', 'в Херсонській', 'Kherson'),
  oblast('UA-68', 'Хмельницька', 'в Хмельницькій', 'Khmelnytskyi'),
  oblast('UA-71', 'Черкаська', 'в Черкаській', 'Cherkasy'),
  oblast('UA-74', 'Чернігівська', 'в Чернігівській', 'Chernihiv'),
  oblast('UA-77', 'Чернівецька', 'в Чернівецькій', 'Chernivtsi'),
];

function oblast(id: RegionId, uk: string, inUk: string, en: string): RegionRow {
  return {
    id,
    name: { uk: `${uk} область`, en: `${en} Oblast` },
    directorate: {
      uk: `ГУНП ${inUk} області`,
      en: `Main Directorate of the National Police in ${en} Oblast`,
    },
  };
}
