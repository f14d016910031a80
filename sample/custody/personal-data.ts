import type { CaseId, Instant } from '#contract/ids.ts';
import type { PutPersonalBody } from '#contract/personal.ts';
import { type Random, seededRandom, wholeBetween } from '../../config/nation/seeded.ts';

/** Words that nobody is called by, so that nobody can take an invented person for a real one. */
const FAMILY_NAMES = ['Зразок', 'Приклад', 'Вигаданий', 'Умовний', 'Навчальний'];
const GIVEN_NAMES = [
  'Перший',
  'Другий',
  'Третій',
  'Четвертий',
  'П’ятий',
  'Шостий',
  'Сьомий',
  'Восьмий',
  'Дев’ятий',
  'Десятий',
];
const PATRONYMICS = ['Тестовий', 'Показовий', 'Нечинний'];
const CHARGES = [
  'Стаття Зразкова, частина 1 (вигадано)',
  'Стаття Зразкова, частина 2 (вигадано)',
  'Стаття Умовна (вигадано)',
];
const HEALTH_NOTES = [
  'Вигадана примітка: приймає ліки двічі на день',
  'Вигадана примітка: алергія на пеніцилін',
  'Вигадана примітка: потребує огляду лікаря ввечері',
];

/** Who an invented case is about: invented as well, and the same whenever it is asked. */
export function personalDataOf(caseId: CaseId, recordedAt: Instant): PutPersonalBody {
  const random = seededRandom(`${caseId}/personal`);
  const year = wholeBetween(random, 1960, 2006);
  const month = String(wholeBetween(random, 1, 12)).padStart(2, '0');
  const day = String(wholeBetween(random, 1, 28)).padStart(2, '0');
  return {
    recordedAt,
    data: {
      familyName: oneOf(random, FAMILY_NAMES),
      givenName: oneOf(random, GIVEN_NAMES),
      patronymic: oneOf(random, PATRONYMICS),
      birthDate: `${year}-${month}-${day}`,
      citizenship: 'Україна (вигадано)',
      charges: [oneOf(random, CHARGES)],
      healthNotes: random() < 0.3 ? [oneOf(random, HEALTH_NOTES)] : [],
    },
  };
}

function oneOf(random: Random, words: readonly string[]): string {
  return words[wholeBetween(random, 0, words.length - 1)] ?? 'Зразок';
}
