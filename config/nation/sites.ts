import type { LocalText, RegionId } from '#contract/ids.ts';
import type { Position } from '#contract/nation.ts';

/** Where a facility of the sample nation stands. */
export interface Site {
  /** Ukrainian abbreviation of the settlement's type: city or rural settlement. */
  type: 'м.' | 'с-ще';
  town: LocalText;
  position: Position;
  /** The town that the facility was evacuated from; it keeps its region, and stands elsewhere. */
  relocatedFrom: LocalText | undefined;
}

/**
 * Sites by region, in the order of the facilities' numbers. How many a region has, and where, is invented; the towns
 * and their coordinates are real (SOURCES.md). A relocated facility shares a town with another one and is put one to
 * two kilometres off its centre, so that the map can tell them apart.
 */
export const SITES: Readonly<Record<RegionId, readonly Site[]>> = {
  'UA-05': [
    site('Вінниця', 'Vinnytsia', [28.46871, 49.2322]),
    site('Хмільник', 'Khmilnyk', [27.95682, 49.5581]),
    site('Гайсин', 'Haisyn', [29.37917, 48.81294]),
    site('Жмеринка', 'Zhmerynka', [28.11405, 49.03523]),
    site('Могилів-Подільський', 'Mohyliv-Podilskyi', [27.79975, 48.44278]),
    site('Тульчин', 'Tulchyn', [28.86848, 48.67397]),
  ],
  'UA-07': [
    site('Луцьк', 'Lutsk', [25.35024, 50.75784]),
    site('Ковель', 'Kovel', [24.70077, 51.21548]),
    site('Володимир', 'Volodymyr', [24.32119, 50.85033]),
    site('Камінь-Каширський', 'Kamin-Kashyrskyi', [24.96276, 51.62514]),
  ],
  'UA-09': [
    site('Дніпро', 'Dnipro', [35.06066, 48.45464], {
      from: { uk: 'Сіверськодонецьк', en: 'Siverskodonetsk' },
    }),
    site('Полтава', 'Poltava', [34.57367, 49.57725], { from: { uk: 'Старобільськ', en: 'Starobilsk' } }),
  ],
  'UA-12': [
    site('Дніпро', 'Dnipro', [35.04066, 48.46664]),
    site('Кривий Ріг', 'Kryvyi Rih', [33.39404, 47.90572]),
    site('Кам’янське', 'Kamianske', [34.60617, 48.51716]),
    site('Нікополь', 'Nikopol', [34.39126, 47.56826]),
    site('Павлоград', 'Pavlohrad', [35.86878, 48.53214]),
    site('Самар', 'Samar', [35.2589, 48.62893]),
    site('Синельникове', 'Synelnykove', [35.52612, 48.32362]),
    site('Жовті Води', 'Zhovti Vody', [33.49743, 48.34518]),
    site('Апостолове', 'Apostolove', [33.71952, 47.65983]),
    site('П’ятихатки', 'Piatykhatky', [33.70919, 48.40821]),
  ],
  'UA-14': [
    site('Краматорськ', 'Kramatorsk', [37.56779, 48.73106]),
    site('Слов’янськ', 'Sloviansk', [37.59739, 48.84974]),
    site('Дружківка', 'Druzhkivka', [37.52537, 48.61995]),
    site('Олександрівка', 'Oleksandrivka', [36.9127, 48.70744], { type: 'с-ще' }),
    site('Краматорськ', 'Kramatorsk', [37.58779, 48.71906], { from: { uk: 'Бахмут', en: 'Bakhmut' } }),
    site('Слов’янськ', 'Sloviansk', [37.61739, 48.83774], { from: { uk: 'Торецьк', en: 'Toretsk' } }),
  ],
  'UA-18': [
    site('Житомир', 'Zhytomyr', [28.67913, 50.26235]),
    site('Бердичів', 'Berdychiv', [28.58236, 49.89421]),
    site('Звягель', 'Zviahel', [27.60884, 50.59141]),
    site('Коростень', 'Korosten', [28.63859, 50.9512]),
    site('Малин', 'Malyn', [29.24225, 50.76756]),
  ],
  'UA-21': [
    site('Ужгород', 'Uzhhorod', [22.2947, 48.6242]),
    site('Мукачево', 'Mukachevo', [22.718, 48.44248]),
    site('Хуст', 'Khust', [23.29791, 48.17193]),
    site('Тячів', 'Tiachiv', [23.57168, 48.01092]),
  ],
  'UA-23': [
    site('Запоріжжя', 'Zaporizhzhia', [35.11714, 47.85167]),
    site('Вільнянськ', 'Vilniansk', [35.44034, 47.94768]),
    site('Новомиколаївка', 'Novomykolaivka', [35.89806, 47.97362], { type: 'с-ще' }),
    site('Запоріжжя', 'Zaporizhzhia', [35.13714, 47.83967], { from: { uk: 'Мелітополь', en: 'Melitopol' } }),
    site('Запоріжжя', 'Zaporizhzhia', [35.21111, 47.86944], { from: { uk: 'Бердянськ', en: 'Berdiansk' } }),
  ],
  'UA-26': [
    site('Івано-Франківськ', 'Ivano-Frankivsk', [24.71248, 48.92312]),
    site('Коломия', 'Kolomyia', [25.03712, 48.52496]),
    site('Калуш', 'Kalush', [24.37206, 49.02398]),
    site('Надвірна', 'Nadvirna', [24.5714, 48.63659]),
  ],
  'UA-30': [site('Київ', 'Kyiv', [30.5238, 50.45466])],
  'UA-32': [
    site('Біла Церква', 'Bila Tserkva', [30.1165, 49.7994]),
    site('Бровари', 'Brovary', [30.79106, 50.51097]),
    site('Бориспіль', 'Boryspil', [30.95263, 50.35051]),
    site('Фастів', 'Fastiv', [29.91963, 50.07796]),
    site('Обухів', 'Obukhiv', [30.63329, 50.11632]),
    site('Ірпінь', 'Irpin', [30.24037, 50.52201]),
    site('Переяслав', 'Pereiaslav', [31.44969, 50.06739]),
  ],
  'UA-35': [
    site('Кропивницький', 'Kropyvnytskyi', [32.26618, 48.50834]),
    site('Голованівськ', 'Holovanivsk', [30.45947, 48.3874], { type: 'с-ще' }),
    site('Новоукраїнка', 'Novoukrainka', [31.52355, 48.31661]),
    site('Світловодськ', 'Svitlovodsk', [33.2458, 49.06287]),
    site('Знам’янка', 'Znamianka', [32.65822, 48.72066]),
    site('Долинська', 'Dolynska', [32.77691, 48.11725]),
    site('Олександрія', 'Oleksandriia', [33.11761, 48.67466]),
  ],
  'UA-46': [
    site('Львів', 'Lviv', [24.02324, 49.83826]),
    site('Дрогобич', 'Drohobych', [23.51121, 49.35196]),
    site('Стрий', 'Stryi', [23.84845, 49.26103]),
    site('Шептицький', 'Sheptytskyi', [24.23935, 50.39403]),
    site('Самбір', 'Sambir', [23.20133, 49.51624]),
    site('Золочів', 'Zolochiv', [24.90376, 49.8074]),
    site('Яворів', 'Yavoriv', [23.38355, 49.93774]),
  ],
  'UA-48': [
    site('Миколаїв', 'Mykolaiv', [31.99296, 46.97625]),
    site('Вознесенськ', 'Voznesensk', [31.33602, 47.56218]),
    site('Первомайськ', 'Pervomaisk', [30.84784, 48.04478]),
    site('Баштанка', 'Bashtanka', [32.43444, 47.40528]),
  ],
  'UA-51': [
    site('Одеса', 'Odesa', [30.74383, 46.48572]),
    site('Ізмаїл', 'Izmail', [28.83751, 45.35058]),
    site('Білгород-Дністровський', 'Bilhorod-Dnistrovskyi', [30.34827, 46.19484]),
    site('Подільськ', 'Podilsk', [29.53074, 47.74988]),
    site('Болград', 'Bolhrad', [28.61811, 45.67786]),
    site('Березівка', 'Berezivka', [30.90943, 47.20037]),
    site('Чорноморськ', 'Chornomorsk', [30.65529, 46.29914]),
    site('Роздільна', 'Rozdilna', [30.07091, 46.85479]),
  ],
  'UA-53': [
    site('Полтава', 'Poltava', [34.55367, 49.58925]),
    site('Кременчук', 'Kremenchuk', [33.40484, 49.06253]),
    site('Лубни', 'Lubny', [32.99975, 50.01413]),
    site('Миргород', 'Myrhorod', [33.60861, 49.96464]),
    site('Горішні Плавні', 'Horishni Plavni', [33.62926, 49.00835]),
    site('Гадяч', 'Hadiach', [33.997, 50.36912]),
    site('Карлівка', 'Karlivka', [35.13493, 49.45548]),
    site('Пирятин', 'Pyriatyn', [32.5203, 50.24388]),
  ],
  'UA-56': [
    site('Рівне', 'Rivne', [26.23695, 50.62036]),
    site('Дубно', 'Dubno', [25.7624, 50.40752]),
    site('Сарни', 'Sarny', [26.60693, 51.33898]),
    site('Вараш', 'Varash', [25.85547, 51.34038]),
  ],
  'UA-59': [
    site('Суми', 'Sumy', [34.79906, 50.91741]),
    site('Конотоп', 'Konotop', [33.2004, 51.23251]),
    site('Ромни', 'Romny', [33.4952, 50.74025]),
    site('Охтирка', 'Okhtyrka', [34.89468, 50.30852]),
    site('Шостка', 'Shostka', [33.47283, 51.86434]),
  ],
  'UA-61': [
    site('Тернопіль', 'Ternopil', [25.59067, 49.55404]),
    site('Кременець', 'Kremenets', [25.72787, 50.09864]),
    site('Чортків', 'Chortkiv', [25.79808, 49.01701]),
  ],
  'UA-63': [
    site('Харків', 'Kharkiv', [36.25475, 49.98177]),
    site('Чугуїв', 'Chuhuiv', [36.6865, 49.83538]),
    site('Ізюм', 'Izium', [37.27679, 49.20697]),
    site('Лозова', 'Lozova', [36.31412, 48.89066]),
    site('Берестин', 'Berestyn', [35.44485, 49.3776]),
    site('Богодухів', 'Bohodukhiv', [35.52367, 50.16147]),
    site('Златопіль', 'Zlatopil', [36.21848, 49.37646]),
    site('Балаклія', 'Balakliia', [36.84433, 49.45595]),
  ],
  'UA-65': [
    site('Херсон', 'Kherson', [32.61458, 46.63695]),
    site('Велика Олександрівка', 'Velyka Oleksandrivka', [33.29059, 47.31888], { type: 'с-ще' }),
    site('Високопілля', 'Vysokopillia', [33.53056, 47.4893], { type: 'с-ще' }),
  ],
  'UA-68': [
    site('Кам’янець-Подільський', 'Kamianets-Podilskyi', [26.58516, 48.67882]),
    site('Хмельницький', 'Khmelnytskyi', [26.97936, 49.41835]),
    site('Шепетівка', 'Shepetivka', [27.06517, 50.18118]),
    site('Старокостянтинів', 'Starokostiantyniv', [27.21229, 49.75522]),
  ],
  'UA-71': [
    site('Черкаси', 'Cherkasy', [32.05738, 49.44452]),
    site('Умань', 'Uman', [30.21944, 48.7501]),
    site('Золотоноша', 'Zolotonosha', [32.03637, 49.66926]),
    site('Звенигородка', 'Zvenyhorodka', [30.96074, 49.07765]),
  ],
  'UA-74': [
    site('Чернігів', 'Chernihiv', [31.28656, 51.50541]),
    site('Ніжин', 'Nizhyn', [31.88844, 51.04772]),
    site('Новгород-Сіверський', 'Novhorod-Siverskyi', [33.2634, 52.00684]),
    site('Корюківка', 'Koriukivka', [32.24747, 51.7746]),
    site('Прилуки', 'Pryluky', [32.38382, 50.59525]),
  ],
  'UA-77': [
    site('Чернівці', 'Chernivtsi', [25.93241, 48.29045]),
    site('Вижниця', 'Vyzhnytsia', [25.18112, 48.24482]),
  ],
};

function site(
  uk: string,
  en: string,
  position: Position,
  options: { type?: Site['type']; from?: LocalText } = {},
): Site {
  return { type: options.type ?? 'м.', town: { uk, en }, position, relocatedFrom: options.from };
}
