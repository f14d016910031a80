export const purposesTexts = {
  purposes: {
    title: 'What is it opened for?',
    explain: 'Once a shift for areas of this kind. The purpose stands in the record of viewings.',
    purpose: 'Purpose',
    note: 'Grounds',
    notePlaceholder: 'For instance the number of a proceeding',
    submit: 'Open',
    pending: 'Sending…',
    failed: 'The purpose was not recorded',
    loading: 'Loading purposes…',
    none: 'No purposes are open to your role',
    alarm: 'Flag of the area',
  },
} as const;
