export const shellTexts = {
  product: {
    name: 'Varta',
    tagline: 'National monitoring of police custody',
  },
  nav: {
    label: 'Sections',
    wall: 'Wall',
    map: 'Map',
    flags: 'Queue',
    inspect: 'Records',
    loading: 'Opening the page…',
    skip: 'Skip to content',
  },
  sample: {
    label: 'Sample data',
    hint: 'Facilities, people and events are invented. Nobody on the screen is real.',
  },
  data: {
    current: 'data {{age}} old',
    waiting: 'waiting for data',
    resyncing: 'refreshing data',
    lost: 'no connection since {{time}}',
    hint: 'Time since the server last confirmed everything on this screen. The clock shows the server’s time.',
  },
  notFound: {
    title: 'There is no such page',
    hint: 'The link may be out of date.',
    back: 'To the wall',
  },
  crash: {
    title: 'The page stopped because of an error',
    hint: 'Nothing was lost on the server. Open the page again.',
    reload: 'Open again',
  },
  count: {
    shown_one: '{{shown}} of {{count}} area',
    shown_other: '{{shown}} of {{count}} areas',
    areas_one: '{{count}} area',
    areas_other: '{{count}} areas',
    facilities_one: '{{count}} facility',
    facilities_other: '{{count}} facilities',
    flags_one: '{{count}} flag',
    flags_other: '{{count}} flags',
    unseen_one: '{{count}} occupied area without video',
    unseen_other: '{{count}} occupied areas without video',
    unseenHint: 'Show these areas',
  },
} as const;
