import type { LocalText } from '#contract/ids.ts';
import { DELIVERED, WARNINGS } from './arrival.ts';
import type { Deadline, NormSet } from './norm-set.ts';

const ART_263 = 'https://westudents.com.ua/glavy/66448-stattya-263-stroki-admnstrativnogo-zatrimannya.html';
const THREE_DAYS = 3 * 24 * 60;

const code = (uk: string, en: string): LocalText => ({
  uk: `КУпАП, ${uk}`,
  en: `Code on Administrative Offences, ${en}`,
});

const detention = {
  kind: 'deadline',
  anchor: DELIVERED,
  minutes: 3 * 60,
  metBy: ['COURT_BROUGHT', 'RELEASED'],
  grants: [
    {
      ground: 'border-regime',
      label: { uk: 'прикордонний режим: до 3 діб', en: 'border regime: up to 3 days' },
      source: code(
        'ст. 263: порушення прикордонного режиму – до 3 діб для встановлення особи',
        'art. 263: offences against the border regime, up to 3 days to establish identity',
      ),
      address: ART_263,
      standing: 'law',
      mostMinutes: THREE_DAYS,
    },
    {
      ground: 'narcotics',
      label: { uk: 'наркотики: до 3 діб', en: 'narcotics: up to 3 days' },
      source: code('ст. 263: обіг наркотичних засобів – до 3 діб', 'art. 263: narcotics, up to 3 days'),
      address: ART_263,
      standing: 'law',
      mostMinutes: THREE_DAYS,
    },
    {
      ground: 'until-court',
      label: { uk: 'до розгляду справи судом', en: 'until the court hears the case' },
      source: code(
        'ст. 263: дрібне хуліганство та інші – до розгляду справи судом',
        'art. 263: petty hooliganism and others, until the court hears the case',
      ),
      address: 'http://khpg.org/en/index.php?do=print&id=1039811325',
      standing: 'law',
      mostMinutes: null,
    },
  ],
} as const satisfies Partial<Deadline>;

/** Administrative detention, Code of Ukraine on Administrative Offences. The longer terms hold only where an event says so. */
export const UA_ADMIN: NormSet = {
  id: 'ua-admin',
  version: 1,
  name: { uk: 'КУпАП', en: 'Code of Ukraine on Administrative Offences' },
  regime: 'administrative',
  // The code entered into force on 1 June 1985 (general knowledge).
  validFrom: '1985-06-01T00:00:00+04:00',
  validTo: null,
  warnings: WARNINGS,
  limits: [
    {
      ...detention,
      grants: [...detention.grants],
      metBy: [...detention.metBy],
      id: 'detention',
      when: { arrivedIntoxicated: false },
      pauses: [],
      label: { uk: 'до звільнення', en: 'to release' },
      source: code(
        'ст. 263: адміністративне затримання не більше 3 годин',
        'art. 263: administrative detention of at most 3 hours',
      ),
      address: ART_263,
      standing: 'law',
      note: {
        uk: 'Відлік від доставлення – загальновідоме, без джерела.',
        en: 'That it counts from delivery is general knowledge, without a source.',
      },
    },
    {
      ...detention,
      grants: [...detention.grants],
      metBy: [...detention.metBy],
      id: 'detention-from-sobering',
      when: { arrivedIntoxicated: true },
      pauses: [{ from: 'anchor', until: 'SOBERED' }],
      label: { uk: 'до звільнення (від витверезення)', en: 'to release (from sobering)' },
      short: { uk: 'до звільнення', en: 'to release' },
      source: {
        uk: 'Три години для особи у стані сп’яніння рахують від витверезення (загальновідоме)',
        en: 'The three hours of an intoxicated person count from sobering (general knowledge)',
      },
      address: null,
      standing: 'general-knowledge',
    },
    {
      kind: 'deadline',
      id: 'delivery',
      anchor: ['APPREHENDED'],
      minutes: 60,
      metBy: ['DELIVERED', 'REGISTERED', 'CELL_PLACED', 'RELEASED'],
      pauses: [],
      grants: [],
      label: { uk: 'доставити', en: 'deliver' },
      source: {
        uk: 'Доставлення до 1 години (загальновідоме, без статті)',
        en: 'Delivery within 1 hour (general knowledge, without an article)',
      },
      address: null,
      standing: 'general-knowledge',
    },
    {
      kind: 'duty',
      id: 'relatives',
      anchor: ['APPREHENDED', ...DELIVERED],
      metBy: ['RELATIVES_NOTIFIED'],
      graceMinutes: 60,
      graceStanding: 'judgment',
      label: { uk: 'повідомити близьких', en: 'tell relatives' },
      short: { uk: 'близькі', en: 'relatives' },
      source: code('ст. 261: родичів повідомляють негайно', 'art. 261: relatives are told at once'),
      address: 'http://uazakon.ru/kuoap/261/default.htm',
      standing: 'law',
    },
    {
      kind: 'deadline',
      id: 'prosecutor-border',
      ground: 'border-regime',
      anchor: DELIVERED,
      minutes: 24 * 60,
      metBy: ['PROSECUTOR_NOTIFIED', 'RELEASED'],
      pauses: [],
      grants: [],
      label: { uk: 'письмово прокурору', en: 'to the prosecutor in writing' },
      short: { uk: 'прокурору', en: 'prosecutor' },
      source: code(
        'ст. 263: про затримання за порушення прикордонного режиму прокурору письмово протягом 24 годин',
        'art. 263: of a detention under the border regime the prosecutor is told in writing within 24 hours',
      ),
      address: ART_263,
      standing: 'law',
    },
  ],
};
