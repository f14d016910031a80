import type { AreaId, CaseId, EventId, FacilityId, FeedId, FlagId, RegionId } from '#contract/ids.ts';

/** A case with its place: two facilities may use the same number. */
export interface PlacedCase {
  regionId: RegionId;
  facilityId: FacilityId;
  caseId: CaseId;
}

/**
 * Every key that the server owns. Keys of one region share a hash tag, so that a script over them stays in one slot of
 * a cluster. Nothing here expires unless its line says so: status, flags and audit are the record or are rebuilt from it.
 */
export const keys = {
  // Live state of a region: hashes of JSON by id, and the number of the last change.
  areas: (region: RegionId) => `varta:{${region}}:areas`,
  feeds: (region: RegionId) => `varta:{${region}}:feeds`,
  openFlags: (region: RegionId) => `varta:{${region}}:flags:open`,
  seq: (region: RegionId) => `varta:{${region}}:seq`,
  /** Hash, feed id → what its state was when (`sight-history.ts`); bounded by feed. */
  sight: (region: RegionId) => `varta:{${region}}:sight`,
  /** Pub/sub channel of RegionDelta. */
  live: (region: RegionId) => `varta:{${region}}:live`,

  // Flags: every flag ever raised, by id, and their steps as a stream.
  flags: (region: RegionId) => `varta:{${region}}:flags`,
  /** Sorted set, flag id by the instant of raising in milliseconds: the order of lists. */
  flagsByTime: (region: RegionId) => `varta:{${region}}:flags:by-time`,
  flagEvents: (region: RegionId) => `varta:{${region}}:flags:events`,

  // Audit: one hash chain per region and one for the nation.
  audit: (chain: RegionId | 'nation') => `varta:{${chain}}:audit`,
  auditHead: (chain: RegionId | 'nation') => `varta:{${chain}}:audit:head`,
  /** Stream of signed checkpoints, and the number and hash of the last one. */
  auditCheckpoints: 'varta:{audit}:checkpoints',
  auditCheckpointHead: 'varta:{audit}:checkpoints:head',
  /** String: the number of the last checkpoint that the witness has taken. */
  auditWitnessed: 'varta:{audit}:witnessed',

  // Viewings by area, built from the audit, which is the record: by the instant of their end (ms; `+inf` while they go on),
  // and the last entry of the audit that is in it.
  viewings: ({ regionId, areaId }: { regionId: RegionId; areaId: AreaId }) =>
    `varta:{${regionId}}:viewings:${areaId}`,
  /** The same by whoever watched, and of the whole region. */
  viewingsBy: ({ regionId, actorId }: { regionId: RegionId; actorId: string }) =>
    `varta:{${regionId}}:viewings:by:${actorId}`,
  viewingsWithin: (region: RegionId) => `varta:{${region}}:viewings:all`,
  /** Hash, `feed viewer from` → how long it could truly be seen, as `seconds high`. */
  viewingsSeen: (region: RegionId) => `varta:{${region}}:viewings:seen`,
  /** The number tells what is indexed: a new one builds the index anew. */
  viewingsPosition: (region: RegionId) => `varta:{${region}}:viewings:position:2`,
  /** Hash, id → what was found about watching itself, as JSON; kept for good. */
  watchingFindings: (region: RegionId) => `varta:{${region}}:watching`,
  // Preservation holds, kept for good: by id as JSON, by the instant of placing, what those in force cover, and a number that
  // grows with every change, which an erasure must still find.
  holds: (region: RegionId) => `varta:{${region}}:holds`,
  holdsByTime: (region: RegionId) => `varta:{${region}}:holds:by-time`,
  holdsInForce: (region: RegionId) => `varta:{${region}}:holds:in-force`,
  holdsVersion: (region: RegionId) => `varta:{${region}}:holds:version`,
  // Stills and clips around flags; the pictures themselves are on disk. By id as JSON, all ids and those of a flag by their moment (ms), those
  // that something is to be done with by when (ms), and everything that was done with one, as the audit has it.
  evidence: (region: RegionId) => `varta:{${region}}:evidence`,
  evidenceOfFlag: (region: RegionId, flag: FlagId) => `varta:{${region}}:evidence:of-flag:${flag}`,
  evidenceByTime: (region: RegionId) => `varta:{${region}}:evidence:by-time`,
  evidenceDue: (region: RegionId) => `varta:{${region}}:evidence:due`,
  evidenceCustody: (region: RegionId, id: string) => `varta:{${region}}:evidence:custody:${id}`,
  // Shift handovers, beside the audit chain that tells of them: by id as JSON, by the instant of opening, open ones by scope.
  handovers: 'varta:{nation}:handovers',
  handoversByTime: 'varta:{nation}:handovers:by-time',
  handoversOpen: 'varta:{nation}:handovers:open',

  // Custody: events as they came, what was seen by id, and the projection with its position. One partition is one region.
  custody: (region: RegionId) => `varta:{${region}}:custody`,
  /** Hash, facility and event id → digest of the content and place in the stream; kept as long as the stream. */
  custodyDigests: (region: RegionId) => `varta:{${region}}:custody:digests`,
  /** String: the end of a gate or a visit stands in the audit. Expires. */
  endTold: (region: RegionId, eventId: EventId, outcome: string) =>
    `varta:{${region}}:custody:end-told:${eventId}:${outcome}`,
  /** String: why somebody set the gate of an area, or lifted its mask. Expires when that is over. */
  actNote: (region: RegionId, kind: 'gate' | 'mask', areaId: AreaId) =>
    `varta:{${region}}:custody:act:${kind}:${areaId}`,
  custodyState: (region: RegionId) => `varta:{${region}}:custody:state`,
  /** Hash, area id → who was inside when, by the record (`area-history.ts`); bounded by area. */
  custodyHistories: (region: RegionId) => `varta:{${region}}:custody:histories`,
  /** Hash, facility and case id → clocks of somebody who is in custody and in no area. */
  custodyUnplaced: (region: RegionId) => `varta:{${region}}:custody:unplaced`,
  custodyPosition: (region: RegionId) => `varta:{${region}}:custody:position`,

  /** One of the keys of a projection that is being built anew beside the present one; expires. */
  custodyStaged: (region: RegionId, build: string, part: string) =>
    `varta:{${region}}:custody:staged:${build}:${part}`,

  /** Sorted set: the events of a case by their ids in the stream; kept as long as the stream. */
  custodyOfCase: ({ regionId, facilityId, caseId }: PlacedCase) =>
    `varta:{${regionId}}:custody:case:${facilityId}/${caseId}`,
  /** Sorted set: the last 2,000 events of an area by when they happened (ms), by their ids in the stream. */
  custodyOfArea: ({ regionId, areaId }: { regionId: RegionId; areaId: AreaId }) =>
    `varta:{${regionId}}:custody:area:${areaId}`,
  /** Set, `region/facility/event`: the arrivals elsewhere that go on from a case of this region; kept as long as the stream. */
  custodyGoneOn: ({ regionId, facilityId, caseId }: PlacedCase) =>
    `varta:{${regionId}}:custody:gone-on:${facilityId}/${caseId}`,
  /** Hash, `facility/case` → who was sent to another facility and has not arrived there, as JSON. */
  departures: (region: RegionId) => `varta:{${region}}:custody:departures`,
  /** Sorted set in the order of its members, `facility/event stream-id`: which corrections name an event. */
  custodyCorrections: (region: RegionId) => `varta:{${region}}:custody:corrections`,
  // Cases as lists show them, derived with the projection: `facility/case` by the beginning of the detention (ms), of all
  // cases and of those that are open, and what a list says of each as JSON.
  cases: (region: RegionId) => `varta:{${region}}:cases`,
  casesOpen: (region: RegionId) => `varta:{${region}}:cases:open`,
  caseSummaries: (region: RegionId) => `varta:{${region}}:cases:summaries`,

  /** Hash, `facility/case` → who it is about, encrypted, as JSON; each is erased some time after its case is closed. */
  personal: (region: RegionId) => `varta:{${region}}:personal`,
  /** Hash, `facility/case/version` → what a record of the above was before it was changed; erased together with it. */
  personalEarlier: (region: RegionId) => `varta:{${region}}:personal:earlier`,

  // Rules: what they see in a region, by its key, and which regions are to be looked at when.
  ruleEpisodes: (region: RegionId) => `varta:{${region}}:rules:episodes`,
  /** The last event that rules have read. */
  rulesPosition: (region: RegionId) => `varta:{${region}}:rules:position`,
  /** Hash, facility → how far its clock was ahead when that was last seen. */
  rulesDrifts: (region: RegionId) => `varta:{${region}}:rules:drifts`,
  /** The last event that was held against the video of its time. */
  recordPosition: (region: RegionId) => `varta:{${region}}:rules:record-position`,
  /** The last event whose case was looked at as a whole. */
  casePosition: (region: RegionId) => `varta:{${region}}:rules:case-position`,
  /** Hash, facility → since when its system has been talking to us, at the rules' position. */
  rulesContacts: (region: RegionId) => `varta:{${region}}:rules:contacts`,
  /** Sorted set, region by the instant of its next look in milliseconds. */
  rulesDue: 'varta:rules:due',

  // The account of areas that no camera shows. It is the record of that, and is kept.
  /** Hash, area → since when it is dark and why; `#` → until when somebody looked. */
  dark: (region: RegionId) => `varta:{${region}}:dark`,
  /** Sorted sets by their ends (ms): spells of an area that are over (`from:to:cause`), times in which nobody looked. */
  darkSpells: (region: RegionId, area: AreaId) => `varta:{${region}}:dark:spells:${area}`,
  darkGaps: (region: RegionId) => `varta:{${region}}:dark:gaps`,
  /** Stream of what was added to them, for the figures; the last 200,000. */
  darkNews: (region: RegionId) => `varta:{${region}}:dark:news`,

  // Alerts. Escalations lie with their region; what waits for a person has a hash tag of that person.
  /** Hash, flag id → the steps that were taken, as JSON; kept as long as the flag. */
  escalations: (region: RegionId) => `varta:{${region}}:escalations`,
  /** Sorted set, region by the instant (ms) at which its escalations are to be looked at next. */
  escalationsDue: 'varta:alerts:escalations:due',
  /** Hashes, alert id → alert as JSON: not shown yet; held by quiet hours. */
  alertQueue: (username: string) => `varta:{alerts:${username}}:queue`,
  alertsHeld: (username: string) => `varta:{alerts:${username}}:held`,
  /** Hash, alert id → which page shows it, and until when (ms) that is believed. */
  alertClaims: (username: string) => `varta:{alerts:${username}}:claims`,
  /** Sorted set, alert id by its instant (ms): the last alerts of a person, so that none is told twice. Bounded. */
  alertsKnown: (username: string) => `varta:{alerts:${username}}:known`,
  /** Hash, alert id → what became of it, and when; of those that are known. */
  alertsSettled: (username: string) => `varta:{alerts:${username}}:settled`,
  /** Hash, subscription id → Web Push subscription as JSON. */
  alertPushes: (username: string) => `varta:{alerts:${username}}:pushes`,
  /** String, by the handle of a session: whose subscription it made. Expires with the session. */
  pushSession: (sessionId: string) => `varta:alerts:push-session:${sessionId}`,
  /** Hash, user name → AlertSettings as JSON. */
  alertSettings: 'varta:alerts:settings',
  /** Sorted set, user name by the instant (ms) at which held alerts are told. */
  alertDigestsDue: 'varta:alerts:digests:due',
  /** Pub/sub channel: something waits for a person, or is settled. */
  alertNews: 'varta:alerts:news',
  /** Hash, instant (ms) of a canary → canary as JSON. Bounded. */
  canaries: 'varta:alerts:canaries',
  /** Set of user names on whose page a canary was shown; expires. */
  canaryShown: (slotMs: number) => `varta:alerts:canary:${slotMs}:shown`,
  /** String, Instant: when a canary was shown last. */
  canaryProved: 'varta:alerts:canary:proved',
  // Messages that leave the site. One hash tag, because scripts touch several.
  /** Hash, job id → job as JSON; sorted set, job id by the instant (ms) of the next attempt. Bounded. */
  outbox: 'varta:{alerts-out}:jobs',
  outboxDue: 'varta:{alerts-out}:due',
  /** String: a job of this id was put in before; expires. */
  outboxKnown: (id: string) => `varta:{alerts-out}:known:${id}`,
  /** Hash, channel → ChannelState as JSON. */
  outboxChannels: 'varta:{alerts-out}:channels',
  // Figures: sums of closed cases by facility and day, and what they are counted from. Cases are kept for two months
  // after they were closed; the sums for good.
  /** String: version, last event, last news of the dark, watermark. */
  figuresPosition: (region: RegionId) => `varta:{${region}}:figures:position`,
  /** Hash by month, `facility|day` → sums as JSON; and the set of months that there are. */
  figuresDays: (region: RegionId, month: string) => `varta:{${region}}:figures:days:${month}`,
  figuresMonths: (region: RegionId) => `varta:{${region}}:figures:months`,
  /** Hashes, case → what is kept of it; corrections by id. */
  figuresOpen: (region: RegionId, facility: FacilityId) => `varta:{${region}}:figures:open:${facility}`,
  figuresClosed: (region: RegionId, facility: FacilityId) => `varta:{${region}}:figures:closed:${facility}`,
  figuresCorrections: (region: RegionId, facility: FacilityId) =>
    `varta:{${region}}:figures:corrections:${facility}`,
  /** Sorted set: checks of an area by when they were made. Hash: who was in it when. Two months of both. */
  figuresChecks: (region: RegionId, area: AreaId) => `varta:{${region}}:figures:checks:${area}`,
  figuresSpans: (region: RegionId, area: AreaId) => `varta:{${region}}:figures:spans:${area}`,
  /** Sorted set: cases that are kept no longer, so that a late event does not begin them anew. */
  figuresForgotten: (region: RegionId) => `varta:{${region}}:figures:forgotten`,

  // Complaints of citizens: by id as JSON, what was said (encrypted), ids by the instant of taking in milliseconds, and
  // those whose flag may not have been raised yet. They are the record, and are kept.
  complaints: (region: RegionId) => `varta:{${region}}:complaints`,
  complaintWords: (region: RegionId) => `varta:{${region}}:complaints:words`,
  complaintsByTime: (region: RegionId) => `varta:{${region}}:complaints:by-time`,
  /** Sorted set: ids of answered complaints by the instant of the answer (ms), for the figures of a period. */
  complaintsAnswered: (region: RegionId) => `varta:{${region}}:complaints:answered`,
  complaintsToFlag: (region: RegionId) => `varta:{${region}}:complaints:to-flag`,

  // Which feeds have equipment connected, to which replica; one hash tag, because a script touches all of it.
  /** Set of feeds, and `#`; expires soon after the replica. */
  equipmentOf: (replicaId: string) => `varta:{equipment}:of:${replicaId}`,
  /** Set of replicas that have or had such a set. */
  equipmentReplicas: 'varta:{equipment}:replicas',
  /** Set of the feeds whose equipment was ever connected. */
  equipmentKnown: 'varta:{equipment}:known',
  /** String: a number that grows with every change of these sets but by expiry. */
  equipmentVersion: 'varta:{equipment}:version',
  // Position of the projection of sfu reports.
  reportsPosition: 'varta:media:reports:position',
  /** Pub/sub channel: a replica has taken over a viewer. */
  viewersTaken: 'varta:media:viewers:taken',

  /** Hash, feed id → what publishes it by WHIP, and by which key, as JSON; one field for each feed at most. */
  publications: 'varta:media:publications',

  // Standard players (WHEP). They belong to no replica; all of it has one hash tag, because scripts touch several.
  /** Hash, viewer id → player as JSON. */
  players: 'varta:{whep}:players',
  /** Sorted set, viewer id by the instant (ms) at which its grant is to be renewed. */
  playersDue: 'varta:{whep}:due',
  /** Sorted set, player that has ended as JSON by the instant (ms) at which it is to be put on record. */
  playersEnded: 'varta:{whep}:ended',
  /** Sets of viewer ids; they end with their last player. */
  playersOfSession: (sessionId: string) => `varta:{whep}:of-session:${sessionId}`,
  playersOfFeed: (feedId: FeedId) => `varta:{whep}:of-feed:${feedId}`,

  // Displays and what is on them, beside the audit chain that tells of them.
  /** Hash, display id → what is known of it as JSON; revoked ones stay, so that a screen can be told. */
  displays: 'varta:{nation}:displays',
  /** Hash, display id → the digests of its key as JSON. */
  displayKeys: 'varta:{nation}:displays:keys',
  /** Hash, display id → what it said of itself last. */
  displayHealth: 'varta:{nation}:displays:health',
  /** String, by the SHA-256 of a pairing code: the screen that shows it. Expires. */
  displayPairing: (digest: string) => `varta:displays:pairing:${digest}`,
  /** Pub/sub channel: something about a display has changed. */
  displayNews: 'varta:displays:news',
  /** String: tries of an address or a person in a window; expires. */
  displayTries: (name: string, of: string) => `varta:displays:tries:${name}:${of}`,
  /** What people keep, such as `scenes`. Hash, id → JSON; and the versions that were before, newest first, the last fifty. */
  kept: (kind: string) => `varta:{nation}:${kind}`,
  keptVersions: (kind: string, id: string) => `varta:{nation}:${kind}:${id}:versions`,

  /** Lease of a piece of background work; expires. */
  lease: (work: string) => `varta:lease:${work}`,

  // Access. Sessions expire by themselves (connect-redis).
  /** Hash, user name → account as JSON. */
  accounts: 'varta:{nation}:accounts',
  /** Hash, SHA-256 of a key → what is known of it as JSON. */
  facilityKeys: (facility: FacilityId) => `varta:{nation}:facility-keys:${facility}`,
  /** Pub/sub channel: keys that were revoked. */
  keysRevoked: 'varta:facility-keys:revoked',
  /** Hash, id of an outside hotline's key → what is known of it as JSON, its SHA-256 among it. */
  intakeKeys: 'varta:{nation}:intake-keys',
  /** String: complaints that a key has sent in this minute; expires. */
  intakeTaken: (keyId: string) => `varta:intake-taken:${keyId}`,
  sessionPrefix: 'varta:session:',
  /** String: an id, as its handle, that was given up while its session went on or was signed out. Expires after a day. */
  sessionRetired: (sessionId: string) => `varta:session-retired:${sessionId}`,
  /** String: the stored id of a session, by its handle. Expires with the longest session. */
  sessionByHandle: (sessionId: string) => `varta:session-of:${sessionId}`,
  /** Hash, handle → since when and on what, handle `:seen` → when it was used (ms). Expires with the longest session. */
  sessionsOf: (username: string) => `varta:sessions-of:${username}`,
  /** Hash, privacy class → what its areas are opened for, as JSON, by the handle of a session. Expires with the longest session. */
  watchPurposes: (sessionId: string) => `varta:watch-purposes:${sessionId}`,
  /** Pub/sub channel: handles of sessions that ended. */
  sessionsEnded: 'varta:sessions:ended',
  // Tries to sign in; they expire.
  /** Hash: tries and how long to wait, of a user name from anywhere and from each address. */
  triesOfUser: (username: string) => `varta:{sign-in}:user:${username}`,
  triesOfAddress: (network: string) => `varta:{sign-in}:address:${network}`,
} as const satisfies Record<string, string | ((...ids: never[]) => string)>;
