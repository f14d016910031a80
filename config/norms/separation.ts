import type { LocalText } from '#contract/ids.ts';
import type { SeparationNorms } from './norm-set.ts';

const ORDER_777 = 'https://docs.dtkt.ua/doc/z2034-23?page=2';

const order = (uk: string, en: string) => ({
  source: {
    uk: `Наказ МВС № 777 від 25.09.2023: ${uk}`,
    en: `Order No. 777 of the Ministry of Internal Affairs, 25.09.2023: ${en}`,
  } satisfies LocalText,
  address: ORDER_777,
  standing: 'law' as const,
});

/** Rules of temporary detention facilities, as far as they were seen: title and fragments. */
export const UA_ORDER_777: SeparationNorms = {
  id: 'ua-order-777',
  version: 1,
  name: { uk: 'Правила ІТТ (наказ МВС № 777)', en: 'Rules of ITTs (MIA order 777)' },
  validFrom: '2023-09-25T00:00:00+03:00',
  validTo: null,
  note: {
    uk: 'Наказ бачено у фрагментах; дата набрання чинності не перевірена.',
    en: 'The order was seen in fragments; the day on which it entered into force is not verified.',
  },
  rules: [
    {
      id: 'mixed-sex',
      these: { sex: 'female' },
      apartFrom: { sex: 'male' },
      label: { uk: 'чоловіки й жінки разом', en: 'men and women together' },
      ...order('чоловіків і жінок тримають окремо', 'men and women are held apart'),
    },
    {
      id: 'minor-with-adult',
      these: { minor: true },
      apartFrom: { minor: false },
      label: { uk: 'неповнолітній з дорослими', en: 'a minor with adults' },
      ...order('неповнолітніх – окремо від дорослих', 'minors apart from adults'),
    },
    {
      id: 'administrative-with-others',
      these: { regime: 'administrative' },
      apartFrom: { regime: 'criminal' },
      label: { uk: 'адміністративно затримані з іншими', en: 'administrative detainees with others' },
      ...order('адміністративно затриманих – окремо від інших', 'administrative detainees apart from others'),
    },
    {
      id: 'convicted-with-others',
      these: { convicted: true },
      apartFrom: { convicted: false },
      label: { uk: 'засуджений з іншими', en: 'a convicted person with others' },
      ...order('засуджених – окремо', 'convicted persons apart'),
    },
    {
      id: 'life-sentenced-with-others',
      these: { lifeSentenced: true },
      apartFrom: { lifeSentenced: false },
      label: { uk: 'довічно засуджений з іншими', en: 'a life-sentenced person with others' },
      ...order('довічно засуджених – окремо', 'life-sentenced persons apart'),
    },
  ],
};
