/**
 * How a situation room shares the country out among its operators. A start that is at hand, in the usual five parts of
 * Ukraine; which regions a shift really hands over is chosen each time. Our own judgment: no law divides it so.
 */
export const REGION_GROUPS = [
  {
    id: 'west',
    name: { uk: 'Захід', en: 'West' },
    regionIds: ['UA-07', 'UA-21', 'UA-26', 'UA-46', 'UA-56', 'UA-61', 'UA-68', 'UA-77'],
  },
  {
    id: 'north',
    name: { uk: 'Північ', en: 'North' },
    regionIds: ['UA-18', 'UA-30', 'UA-32', 'UA-59', 'UA-74'],
  },
  {
    id: 'centre',
    name: { uk: 'Центр', en: 'Centre' },
    regionIds: ['UA-05', 'UA-12', 'UA-35', 'UA-53', 'UA-71'],
  },
  {
    id: 'south',
    name: { uk: 'Південь', en: 'South' },
    regionIds: ['UA-23', 'UA-40', 'UA-43', 'UA-48', 'UA-51', 'UA-65'],
  },
  {
    id: 'east',
    name: { uk: 'Схід', en: 'East' },
    regionIds: ['UA-09', 'UA-14', 'UA-63'],
  },
] as const;
