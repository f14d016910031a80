import { expect, test } from 'vitest';
import { byName, nameOrder } from './by-name.ts';

test('names stand as the alphabet of the language has them', () => {
  const regions = [
    { name: { uk: 'Чернігівська область', en: 'Chernihiv Oblast' } },
    { name: { uk: 'Івано-Франківська область', en: 'Ivano-Frankivsk Oblast' } },
    { name: { uk: 'Київська область', en: 'Kyiv Oblast' } },
    { name: { uk: 'Закарпатська область', en: 'Zakarpattia Oblast' } },
  ];
  expect(regions.toSorted(byName('uk')).map(({ name }) => name.uk)).toEqual([
    'Закарпатська область',
    'Івано-Франківська область',
    'Київська область',
    'Чернігівська область',
  ]);
  expect(regions.toSorted(byName('en')).map(({ name }) => name.en)).toEqual([
    'Chernihiv Oblast',
    'Ivano-Frankivsk Oblast',
    'Kyiv Oblast',
    'Zakarpattia Oblast',
  ]);
});

test('the second comes before the tenth', () => {
  expect(['ІТТ №10', 'ІТТ №2', 'ІТТ №1'].toSorted(nameOrder('uk'))).toEqual(['ІТТ №1', 'ІТТ №2', 'ІТТ №10']);
});
