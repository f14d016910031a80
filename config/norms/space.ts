import type { SpaceNorms } from './norm-set.ts';

const MURSIC = 'http://database.prisonlitigation.org/mursic-v-croatia';
const CPT_2015 = 'https://atlas-of-torture.org/en/document/5vp63i0a66rnrztyl806d8ia4i';

/** The European Court of Human Rights on personal space (Muršić v. Croatia). No figure of Ukrainian law was found for ITTs. */
export const ECHR: SpaceNorms = {
  id: 'echr',
  version: 1,
  name: { uk: 'Європейський суд з прав людини', en: 'European Court of Human Rights' },
  // The Grand Chamber's judgment of 20 October 2016 (general knowledge).
  validFrom: '2016-10-20T00:00:00+02:00',
  validTo: null,
  lines: [
    {
      id: 'space-3',
      belowM2: 3,
      level: 'red',
      isFlagged: true,
      label: { uk: 'менше 3 м² на особу', en: 'below 3 m² per person' },
      source: {
        uk: 'ЄСПЛ, «Муршич проти Хорватії»: менше 3 м² – сильна презумпція порушення ст. 3',
        en: 'ECtHR, Muršić v. Croatia: below 3 m² there is a strong presumption of a violation of art. 3',
      },
      address: MURSIC,
      standing: 'law',
    },
    {
      id: 'space-4',
      belowM2: 4,
      level: 'amber',
      // Weighs together with other defects only.
      isFlagged: false,
      label: { uk: 'менше 4 м² на особу', en: 'below 4 m² per person' },
      source: {
        uk: 'ЄСПЛ, «Муршич проти Хорватії»: 3–4 м² – вагома обставина разом з іншими вадами',
        en: 'ECtHR, Muršić v. Croatia: 3 to 4 m² weighs heavily together with other defects',
      },
      address: MURSIC,
      standing: 'law',
    },
  ],
};

/** Standards of the European Committee for the Prevention of Torture. */
export const CPT: SpaceNorms = {
  id: 'cpt',
  version: 1,
  name: {
    uk: 'Європейський комітет із запобігання катуванням',
    en: 'European Committee for the Prevention of Torture',
  },
  validFrom: '2015-12-15T00:00:00+01:00',
  validTo: null,
  lines: [
    {
      id: 'space-4',
      belowM2: 4,
      level: 'amber',
      // The only line of room for several where no other set holds; where the Court's holds too, its own of 4 m² is shown.
      isFlagged: true,
      label: { uk: 'менше 4 м² на особу', en: 'below 4 m² per person' },
      source: {
        uk: 'CPT/Inf(2015)44: 4 м² на особу в камері на кількох, окремо санвузол',
        en: 'CPT/Inf(2015)44: 4 m² per person in a cell for several, sanitary annexe apart',
      },
      address: CPT_2015,
      standing: 'guidance',
    },
    {
      id: 'single-6',
      belowM2: 6,
      singleOnly: true,
      level: 'note',
      isFlagged: false,
      label: { uk: 'одиночна менше 6 м²', en: 'single cell below 6 m²' },
      source: {
        uk: 'CPT/Inf(2015)44: одиночна камера – 6 м² і санвузол',
        en: 'CPT/Inf(2015)44: a single cell has 6 m² and a sanitary annexe',
      },
      address: CPT_2015,
      standing: 'guidance',
    },
    {
      id: 'police-single-7',
      belowM2: 7,
      singleOnly: true,
      level: 'note',
      isFlagged: false,
      label: { uk: 'поліцейська одиночна менше 7 м²', en: 'single police cell below 7 m²' },
      source: {
        uk: '2-га загальна доповідь CPT: одиночна камера поліції понад кілька годин – бажано близько 7 м²',
        en: 'CPT 2nd General Report: a single police cell for more than a few hours, about 7 m² desirable',
      },
      address: 'https://zaki.ru/pagesnew.php?id=59646&page=25',
      standing: 'guidance',
    },
  ],
};
