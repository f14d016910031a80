import { z } from 'zod';
import { CaseId, FacilityId, Instant } from './ids.ts';

/** Id of a norm set, a limit, a ground. */
export const NormSlug = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
  .max(40);

const reason = z.string().min(3).max(2000);
/** A service number, a role or a body, never a name. */
const authority = z.string().min(1).max(64);

/** Facts about the person that clocks and separation rules need; said with the first event, and whenever they change. */
export const Person = z.strictObject({
  sex: z.enum(['female', 'male']),
  minor: z.boolean(),
  regime: z.enum(['criminal', 'administrative']),
  atRisk: z.boolean(),
  /** Serves a sentence. @default false */
  convicted: z.boolean().optional(),
  /** Serves a life sentence. @default false */
  lifeSentenced: z.boolean().optional(),
  /** Not known to be one when absent: duties towards an embassy then do not begin. */
  foreigner: z.boolean().optional(),
  /** Under the influence when this was stated; over with `SOBERED`. @default false */
  intoxicated: z.boolean().optional(),
  /** Needs an appropriate adult or help to take part, for another reason than age. @default false */
  vulnerable: z.boolean().optional(),
  /** Of a service whose body must be told of the detention, as intelligence officers and bailiffs. @default false */
  specialService: z.boolean().optional(),
});
export type Person = z.infer<typeof Person>;

/** Norms that a decision puts in the place of the ordinary ones for this case. They are never assumed. */
export const Overlay = z.strictObject({
  normSet: NormSlug,
  /** Who decided it. */
  authorisedBy: authority,
  reason,
});
export type Overlay = z.infer<typeof Overlay>;

/** A decision that a limit ends later; which grounds there are, and how far each reaches, is in the norm sets. */
export const Extension = z.strictObject({
  ground: NormSlug,
  until: Instant,
  authorisedBy: authority,
  reason: reason.optional(),
});
export type Extension = z.infer<typeof Extension>;

/** `no-ruling`: without a judge's ruling, the ordinary course when nothing is said. */
export const DetentionBasis = z.enum(['ruling', 'no-ruling']);
export type DetentionBasis = z.infer<typeof DetentionBasis>;

/** The case that a detention goes on from, of the facility that the person came from. */
export const PreviousCase = z.strictObject({
  facilityId: FacilityId,
  /** @default the same number as here */
  caseId: CaseId.optional(),
});
export type PreviousCase = z.infer<typeof PreviousCase>;

export const ForceKind = z.enum([
  'physical',
  'restraint',
  'baton',
  'spray',
  'stun',
  'firearm',
  'dog',
  'other',
]);
export const ComplaintKind = z.enum(['treatment', 'conditions', 'medical', 'rights', 'property', 'other']);
export const ComplaintOutcome = z.enum(['upheld', 'partly-upheld', 'not-upheld', 'forwarded', 'withdrawn']);

export const IncidentKind = z.enum([
  'death',
  'escape',
  'self-harm',
  /** Something was found by which somebody could have hanged themselves, or was about to. */
  'ligature',
  'medical-emergency',
  'fire',
  'evacuation',
  'air-raid',
  'disorder',
  'attack',
  'unauthorised-person',
  'equipment',
  'other',
]);
export type IncidentKind = z.infer<typeof IncidentKind>;

/** Details of what happened to a person; which types they belong to says {@link EVENT_DETAILS}. */
export const CASE_DETAILS = {
  overlay: Overlay.optional(),
  extension: Extension.optional(),
  basis: DetentionBasis.optional(),
  forceKind: ForceKind.optional(),
  complaintKind: ComplaintKind.optional(),
  outcome: ComplaintOutcome.optional(),
  /** How closely somebody is observed: 1 general, 2 intermittent, 3 constant, 4 close proximity. */
  observationLevel: z.int().min(1).max(4).optional(),
  /** The person came from another facility: the clocks of that case go on. */
  previousCase: PreviousCase.optional(),
  /** The facility of ours that the person was sent to: it is asked after when they do not arrive. Absent for any other place. */
  destination: FacilityId.optional(),
  /** With the end of a confidential time, which of its ends that is. */
  until: Instant.optional(),
  reason: reason.optional(),
} as const;

/** Details of what happened to an area. */
export const AREA_DETAILS = {
  incidentKind: IncidentKind.optional(),
  /** The case of the person whom it is about, if it is about one. */
  concerns: CaseId.optional(),
  /** As the reporter sees it; 1 is the most severe. */
  severity: z.int().min(1).max(4).optional(),
  /** People who were seen. */
  count: z.int().min(0).max(1000).optional(),
  /** Air temperature in °C. */
  temperatureC: z.number().min(-40).max(60).optional(),
  /** Carbon dioxide in the air, parts per million. */
  co2Ppm: z.number().min(0).max(50_000).optional(),
  /** Relative humidity in per cent. */
  humidityPct: z.number().min(0).max(100).optional(),
  /** When a gate ends by itself; with its end, which of its ends that is. */
  until: Instant.optional(),
  reason: reason.optional(),
} as const;

export type DetailName = keyof typeof CASE_DETAILS | keyof typeof AREA_DETAILS;

interface Details {
  /** Without them the event says nothing. */
  needs?: readonly (DetailName | 'areaId')[];
  may?: readonly DetailName[];
}

/** Which details belong to which type; a detail elsewhere is refused, as it would be lost. */
export const EVENT_DETAILS: Readonly<Record<string, Details>> = {
  APPREHENDED: { may: ['basis'] },
  RISK_ASSESSED: { may: ['observationLevel'] },
  DELIVERED: { may: ['previousCase'] },
  REGISTERED: { may: ['previousCase'] },
  CELL_PLACED: { needs: ['areaId'], may: ['previousCase'] },
  CELL_MOVED: { needs: ['areaId'] },
  TRANSFERRED: { may: ['destination'] },
  CONFIDENTIALITY_ENDED: { needs: ['until'] },
  OVERLAY_APPLIED: { needs: ['overlay'] },
  OVERLAY_LIFTED: { needs: ['overlay'] },
  EXTENSION_GRANTED: { needs: ['extension'] },
  REVIEW_POSTPONED: { needs: ['reason'] },
  FORCE_USED: { may: ['forceKind', 'reason'] },
  RESTRAINT_ON: { may: ['reason'] },
  COMPLAINT: { may: ['complaintKind'] },
  COMPLAINT_RESOLVED: { needs: ['outcome'] },
  INCIDENT: { may: ['incidentKind', 'concerns', 'severity'] },
  PRESENCE_SEEN: { may: ['count'] },
  GATE_OPENED: { may: ['until', 'reason'] },
  GATE_CLOSED: { may: ['until'] },
  MASK_LIFTED: { needs: ['concerns', 'until', 'reason'] },
  CONDITIONS_MEASURED: { may: ['temperatureC', 'co2Ppm', 'humidityPct'] },
};

const ALL_DETAILS = [...Object.keys(CASE_DETAILS), ...Object.keys(AREA_DETAILS)] as DetailName[];

/** The first detail that an event lacks, or has though it does not belong to its type; undefined if all is well. */
export function detailProblem(
  event: Readonly<Record<string, unknown> & { type: string }>,
): { path: [string]; message: string } | undefined {
  const { needs = [], may = [] } = EVENT_DETAILS[event.type] ?? {};
  const missing = needs.find((name) => event[name] === undefined);
  if (missing !== undefined) return { path: [missing], message: `${event.type} needs it` };
  const stray = ALL_DETAILS.find(
    (name) => event[name] !== undefined && !needs.includes(name) && !may.includes(name),
  );
  return stray === undefined ? undefined : { path: [stray], message: `does not belong to ${event.type}` };
}
