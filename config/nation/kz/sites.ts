import type { RegionId } from '#contract/ids.ts';
import { type Site, site } from '../plan.ts';

/** Sites by region. How many a region has, and where, is invented; the towns and their coordinates are real (SOURCES.md). */
export const SITES: Readonly<Record<RegionId, readonly Site[]>> = {
  'KZ-10': [site('Семей', 'Semey', [80.25025, 50.42064]), site('Аягоз', 'Ayagoz', [80.43437, 47.96447])],
  'KZ-11': [
    site('Кокшетау', 'Kokshetau', [69.39364, 53.28414]),
    site('Степногорськ', 'Stepnogorsk', [71.88161, 52.35062]),
  ],
  'KZ-15': [
    site('Актобе', 'Aktobe', [57.20718, 50.27969]),
    site('Хромтау', 'Khromtau', [58.43574, 50.25161]),
    site('Кандиагаш', 'Kandyagash', [57.41865, 49.46917]),
  ],
  'KZ-19': [site('Єсик', 'Esik', [77.45245, 43.3552])],
  'KZ-23': [site('Атирау', 'Atyrau', [51.88427, 47.1048])],
  'KZ-27': [site('Уральськ', 'Oral', [51.42558, 51.24601]), site('Аксай', 'Aksay', [52.99782, 51.1681])],
  'KZ-31': [site('Тараз', 'Taraz', [71.37334, 42.89799]), site('Шу', 'Shu', [73.76221, 43.60507])],
  'KZ-33': [
    site('Талдикорган', 'Taldykorgan', [78.37389, 45.01556]),
    site('Жаркент', 'Zharkent', [80.00736, 44.16619]),
  ],
  'KZ-35': [
    site('Караганда', 'Karaganda', [73.10211, 49.80187]),
    site('Теміртау', 'Temirtau', [72.95497, 50.05197]),
    site('Балхаш', 'Balkhash', [74.98213, 46.84546]),
  ],
  'KZ-39': [
    site('Костанай', 'Kostanay', [63.62463, 53.21435]),
    site('Рудний', 'Rudny', [63.11055, 52.97244]),
    site('Аркалик', 'Arkalyk', [66.90384, 50.25031]),
  ],
  'KZ-43': [
    site('Кизилорда', 'Kyzylorda', [65.50917, 44.85278]),
    site('Аральськ', 'Aral', [61.66312, 46.80174]),
  ],
  'KZ-47': [
    site('Актау', 'Aktau', [51.17392, 43.66105]),
    site('Жанаозен', 'Zhanaozen', [52.86192, 43.34116]),
  ],
  'KZ-55': [
    site('Павлодар', 'Pavlodar', [76.96881, 52.27601]),
    site('Екібастуз', 'Ekibastuz', [75.32287, 51.72371]),
  ],
  'KZ-59': [site('Петропавлівськ', 'Petropavl', [69.15065, 54.87343])],
  'KZ-61': [site('Кентау', 'Kentau', [68.50463, 43.51672]), site('Арис', 'Arys', [68.8087, 42.43015])],
  'KZ-62': [site('Жезказган', 'Zhezkazgan', [67.70628, 47.79411])],
  'KZ-63': [
    site('Усть-Каменогорськ', 'Oskemen', [82.60586, 49.97143]),
    site('Ріддер', 'Ridder', [83.51562, 50.34524]),
  ],
  'KZ-71': [site('Астана', 'Astana', [71.44598, 51.1801])],
  'KZ-75': [site('Алмати', 'Almaty', [76.9115, 43.25249])],
  'KZ-79': [site('Шимкент', 'Shymkent', [69.60042, 42.30988])],
};
