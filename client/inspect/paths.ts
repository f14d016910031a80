/** Screens of the inspector's page, as wouter takes them. */
export const INSPECT_PATHS = {
  rooms: '/inspect',
  round: '/inspect/round',
  people: '/inspect/people',
  records: '/inspect/records',
  record: '/inspect/records/:recordId',
  room: '/inspect/room/:areaId',
  roomForm: '/inspect/room/:areaId/:form',
  person: '/inspect/person/:caseId',
  personForm: '/inspect/person/:caseId/:form',
} as const;
