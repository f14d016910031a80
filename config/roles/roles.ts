import type { RoleId } from '#contract/session.ts';

/**
 * The table that says who may do what; a lawyer can read it. What is not written here is denied. Scope (nation,
 * regions, facilities) belongs to the account and is checked besides: a duty officer may watch, in their region.
 */

/** Everything that can be asked of the policy, and what it means. */
export const ACTIONS = {
  'registry.read': 'Know regions, facilities and areas',
  'status.read': 'See live custody status of an area: headcount, clocks, conditions (no identities)',
  'feed.watch': 'Watch live video of an area',
  'gate.set': 'Close an area to everybody for a time, with a reason, and end that',
  'mask.lift':
    'Have what is covered of an area’s picture shown for a time, because of a person at risk, and end that',
  'mask.read': 'Know of which areas a part of the picture is covered, and by whom (no pictures)',
  'closure.read':
    'See where what is covered is shown now and which areas are closed: by whom, why, until when, how often',
  'flag.read': 'See flags',
  'flag.raise': 'Raise a flag on an area or a facility',
  'flag.acknowledge': 'Acknowledge a flag',
  'flag.call': 'Put down a call because of a flag: who was called, and what was said',
  'flag.shelve': 'Put a flag aside until a time, with a reason, and take it back',
  'flag.assign': 'Assign a flag to somebody',
  'flag.resolve': 'Resolve or dismiss a flag',
  'flag.be-assigned': 'Have flags assigned to oneself',
  'alert.own': 'Get alerts, and say how one wants to be told',
  'alert.path': 'See whether alerts reach people',
  'audit.read': 'Read the audit',
  'audit.export': 'Export the whole audit, to have it verified outside',
  'watching.review': 'Say what became of a finding about how somebody watched',
  'hold.read': 'See preservation holds',
  'hold.place': 'Place a preservation hold: what it covers is not erased',
  'hold.release': 'Release a preservation hold that the own office has placed',
  'evidence.read': 'See stills and clips around flags; each look is audited',
  'evidence.take': 'Have a clip taken because of a flag, with a reason',
  'evidence.export': 'Take stills and clips away as signed packages, with everything that was done with them',
  'handover.read': 'Read shift handovers',
  'handover.make': 'Hand a shift over, and take one over',
  'case.read': 'Read a case whole: events, clocks, flags (no identities); each reading is audited',
  'figures.read': 'Read accountability figures, and the digest that may be published (no identities)',
  'complaint.take': 'Take complaints of citizens about facilities',
  'complaint.hand-in': 'Hand complaints in for an outside hotline',
  'complaint.read': 'Know complaints of citizens; what was said is read for a purpose, and audited',
  'complaint.answer': 'Take complaints of citizens into review and answer them',
  'custody.record': 'Record custody events by hand',
  'personal.read': 'Read who a case is about, for a purpose; each reading is audited',
  'personal.read-earlier':
    'Read what was said before of who a case is about, for a purpose; each reading is audited',
  'custody.ingest': 'Send custody events of the own facility',
  'personal.send': 'Send who the own facility’s cases are about',
  'feed.publish': 'Publish video of the own facility',
  'layout.keep': 'Keep layouts of the wall and filters, and share them with the own role or region',
  'display.read': 'See displays, how they do and what they show; keep scenes',
  'display.push': 'Put scenes on displays',
  'display.manage': 'Enrol displays and revoke them',
  'display.own': 'Be a display: know what to show, say how it does',
  'display.pair': 'Be a screen that waits to be enrolled',
  'session.own': 'Sign in and out, see who one is',
  'account.own': 'Change one’s own password and second factor, see and end one’s own sessions',
  'account.read': 'See accounts, their sessions, and which keys facilities have',
  'account.manage': 'Make, change and disable accounts, end their sessions, issue and revoke facility keys',
  'store.read': 'See how full the store is',
  'service.probe': 'Health, readiness, metrics, API description',
} as const;

export type Action = keyof typeof ACTIONS;

/** What every person who is signed in may do, whatever the role. */
const SIGNED_IN = [
  'session.own',
  'account.own',
  'service.probe',
  'alert.own',
] as const satisfies readonly Action[];

const WATCH = [
  'registry.read',
  'status.read',
  'feed.watch',
  'flag.read',
  'layout.keep',
] as const satisfies readonly Action[];

const ANSWER = [
  'flag.raise',
  'flag.acknowledge',
  'flag.call',
  'flag.shelve',
  'flag.assign',
  'flag.resolve',
] as const satisfies readonly Action[];

const EVIDENCE = ['evidence.read', 'evidence.take'] as const satisfies readonly Action[];

const SHIFT = ['handover.read', 'handover.make'] as const satisfies readonly Action[];

const DISPLAYS = ['display.read', 'display.push', 'display.manage'] as const satisfies readonly Action[];

const KNOW_CASES = ['case.read', 'personal.read', 'figures.read'] as const satisfies readonly Action[];

const COMPLAINTS = ['complaint.read', 'complaint.answer'] as const satisfies readonly Action[];

/** What is covered of pictures, what is shown all the same, and what is closed. */
const CLOSURES = ['mask.read', 'closure.read'] as const satisfies readonly Action[];

/**
 * Outside control, each office under its own role: what one of them holds, only it releases. What they read and hold is
 * known to those who may read the audit, and to nobody in the places that they control.
 */
const OUTSIDE_CONTROL = [
  ...SIGNED_IN,
  ...WATCH,
  ...CLOSURES,
  'flag.raise',
  'audit.read',
  'watching.review',
  'hold.read',
  'hold.place',
  'hold.release',
  ...COMPLAINTS,
  'handover.read',
  'audit.export',
  ...EVIDENCE,
  'evidence.export',
  ...KNOW_CASES,
  'personal.read-earlier',
] as const satisfies readonly Action[];

export const ROLE_ACTIONS: Record<RoleId, readonly Action[]> = {
  situation: [
    ...SIGNED_IN,
    ...WATCH,
    ...ANSWER,
    ...COMPLAINTS,
    ...EVIDENCE,
    ...SHIFT,
    ...KNOW_CASES,
    ...DISPLAYS,
    ...CLOSURES,
    'gate.set',
    'mask.lift',
    'flag.be-assigned',
    'alert.path',
  ],
  duty: [
    ...SIGNED_IN,
    ...WATCH,
    ...ANSWER,
    ...COMPLAINTS,
    ...EVIDENCE,
    ...SHIFT,
    ...KNOW_CASES,
    ...DISPLAYS,
    ...CLOSURES,
    'gate.set',
    'mask.lift',
    'flag.be-assigned',
  ],
  oncall: [
    ...SIGNED_IN,
    ...WATCH,
    'flag.raise',
    'flag.acknowledge',
    'flag.call',
    'flag.be-assigned',
    'evidence.read',
  ],
  inspector: [
    ...SIGNED_IN,
    ...WATCH,
    'flag.raise',
    'flag.be-assigned',
    ...KNOW_CASES,
    'custody.record',
    'gate.set',
  ],
  oversight: OUTSIDE_CONTROL,
  prosecutor: OUTSIDE_CONTROL,
  /** The Commissioner for Human Rights and the national preventive mechanism. */
  ombudsman: OUTSIDE_CONTROL,
  /** Takes what citizens say on the telephone; sees neither video nor custody. */
  hotline: [...SIGNED_IN, 'registry.read', 'complaint.take', 'complaint.read'],
  /** Runs the registry and accounts; sees no video, no custody status and no flags by that role. */
  admin: [
    ...SIGNED_IN,
    'registry.read',
    'mask.read',
    'alert.path',
    'store.read',
    'account.read',
    'account.manage',
    'display.read',
    'display.manage',
  ],
};

/** Machines and strangers. */
export const FACILITY_ACTIONS: readonly Action[] = [
  'custody.ingest',
  'personal.send',
  'feed.publish',
  'service.probe',
];
/** A large screen: what a wall shows, and nothing that asks for a person. */
export const DISPLAY_ACTIONS: readonly Action[] = [
  'registry.read',
  'status.read',
  'feed.watch',
  'flag.read',
  'display.own',
];
/** An outside hotline: hands complaints in, about facilities in its scope, and cannot even read them back. */
export const INTAKE_ACTIONS: readonly Action[] = ['complaint.hand-in'];
export const ANONYMOUS_ACTIONS: readonly Action[] = ['session.own', 'service.probe', 'display.pair'];
/** Whoever has to change the password or set up a second factor first. */
export const SETUP_ACTIONS: readonly Action[] = ['session.own', 'account.own', 'service.probe'];
