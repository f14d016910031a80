import type { Registry } from '../nation/registry.ts';
import type { Account } from './account.ts';

/** The password of every sample account. Public: it is printed at start and stands in the README. */
export const SAMPLE_PASSWORD = 'varta-sample';

/** The region of the sample duty centre, Khmelnytskyi; in another nation its first. */
const DUTY_REGION = 'UA-68';

export type SampleAccount = Omit<Account, 'passwordHash'>;

/** The accounts of sample mode: one for each role that the design names, on the places of this nation. */
export function sampleAccounts(registry: Registry): readonly SampleAccount[] {
  const { regions, facilities } = registry.nation;
  const region = registry.region(DUTY_REGION) ?? regions[0];
  const facilityId = facilities
    .filter((facility) => facility.regionId === region?.id)
    .map(({ id }) => id)
    .sort()[0];
  const nation = { kind: 'nation' } as const;
  return [
    account('situation', 'situation', { uk: 'Ситуаційний центр', en: 'Situation room' }, nation),
    // A second one of those who work in shifts: who hands over cannot take over.
    account(
      'situation-2',
      'situation',
      { uk: 'Ситуаційний центр, зміна 2', en: 'Situation room, shift 2' },
      nation,
    ),
    ...(region === undefined
      ? []
      : [
          account(
            'duty-68',
            'duty',
            { uk: `Черговий, ${region.name.uk}`, en: `Duty officer, ${region.name.en}` },
            { kind: 'regions', regionIds: [region.id] },
          ),
          account(
            'duty-68-2',
            'duty',
            {
              uk: `Черговий, ${region.name.uk}, зміна 2`,
              en: `Duty officer, ${region.name.en}, shift 2`,
            },
            { kind: 'regions', regionIds: [region.id] },
          ),
        ]),
    account('oncall', 'oncall', { uk: 'Черговий керівник', en: 'On-call supervisor' }, nation),
    ...(facilityId === undefined
      ? []
      : [
          account(
            'inspector',
            'inspector',
            { uk: 'Інспектор з прав людини', en: 'Human-rights inspector' },
            { kind: 'facilities', facilityIds: [facilityId] },
          ),
        ]),
    account('oversight', 'oversight', { uk: 'Зовнішній контроль', en: 'Outside control' }, nation),
    account('prosecutor', 'prosecutor', { uk: 'Прокуратура', en: 'Prosecutor’s office' }, nation),
    account('ombudsman', 'ombudsman', { uk: 'Офіс Омбудсмана', en: 'Ombudsman’s office' }, nation),
    account('hotline', 'hotline', { uk: 'Гаряча лінія', en: 'Hotline' }, nation),
    account('admin', 'admin', { uk: 'Адміністратор', en: 'Administrator' }, nation),
  ];
}

function account(
  username: string,
  role: Account['role'],
  displayName: Account['displayName'],
  scope: Account['scope'],
): SampleAccount {
  return { username, role, displayName, scope, sample: true };
}
