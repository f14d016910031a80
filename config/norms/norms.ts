import type { Person } from '#contract/custody-details.ts';
import type { LimitInfo } from '#contract/live.ts';
import type { FacilityKind, Nation, NationNorms } from '#contract/nation.ts';
import { CPT_HEALTH } from './cpt-health.ts';
import { KZ_1, KZ_2 } from './kz.ts';
import type { Check, Limit, NormSet, SeparationNorms, SpaceNorms, Tolerance } from './norm-set.ts';
import { CHECK_WRITTEN_WITHIN, PRACTICE, WELFARE_CHECK } from './practice.ts';
import { UA_ORDER_777 } from './separation.ts';
import { CPT, ECHR } from './space.ts';
import { UA_ADMIN } from './ua-admin.ts';
import { UA_CPC } from './ua-cpc.ts';
import { UA_CPC_615 } from './ua-cpc-615.ts';
import { UK_PACE } from './uk-pace.ts';

/** The norms that status is derived by. */
export interface Norms {
  readonly sets: readonly NormSet[];
  readonly space: readonly SpaceNorms[];
  readonly separation: readonly SeparationNorms[];
  /** Holds for whom no set says how often somebody looks after them. */
  readonly welfareCheck: Check;
  /** A check that is written down later than so after it was made counts as none. */
  readonly checkWrittenWithin: Tolerance;
  /** Whose days are counted. */
  readonly timeZone: string;
}

/** Everything that is written down, whether or not it holds anywhere. */
export const ALL_NORMS: Norms = {
  sets: [UA_CPC, UA_ADMIN, UA_CPC_615, KZ_1, KZ_2, UK_PACE, CPT_HEALTH],
  space: [ECHR, CPT],
  separation: [UA_ORDER_777],
  welfareCheck: WELFARE_CHECK,
  checkWrittenWithin: CHECK_WRITTEN_WITHIN,
  timeZone: 'Europe/Kyiv',
};

/** What holds in Ukraine; also in a nation whose file does not say. The overlay is there to be applied, and is never on by itself. */
export const UKRAINE: NationNorms = {
  sets: ['ua-cpc', 'ua-admin', 'ua-cpc-615', 'ua-order-777', 'echr', 'cpt'],
};

/**
 * What holds in Kazakhstan. The standards of the CPT bind no one there: they are a measure that people know, until its own
 * law on room and on the first examination is written down.
 */
export const KAZAKHSTAN: NationNorms = { sets: ['kz', 'cpt', 'cpt-health'] };

/** The norms of these names, in every version. Throws a TypeError for a name that is nobody's. */
export function chooseNorms(ids: readonly string[], timeZone: string): Norms {
  const { sets, space, separation, welfareCheck, checkWrittenWithin } = ALL_NORMS;
  const known = new Set([...sets, ...space, ...separation].map(({ id }) => id));
  const stranger = ids.find((id) => !known.has(id));
  if (stranger !== undefined) throw new TypeError(`there is no norm set ${stranger}`);
  // In the order of the names: where two lines say the same, the one that is named first is shown.
  const chosen = <T extends { id: string }>(all: readonly T[]) =>
    ids.flatMap((id) => all.filter((one) => one.id === id));
  return {
    sets: chosen(sets),
    space: chosen(space),
    separation: chosen(separation),
    welfareCheck,
    checkWrittenWithin,
    timeZone,
  };
}

/** The norms that hold in each kind of a nation's facilities. Throws a TypeError for a norm set that does not exist. */
export function normsOf(nation: Pick<Nation, 'norms' | 'timeZone'>): (kind: FacilityKind) => Norms {
  const { sets, byFacilityKind = {} } = nation.norms ?? UKRAINE;
  const ordinary = chooseNorms(sets, nation.timeZone);
  const special = new Map(
    Object.entries(byFacilityKind).map(([kind, ids]) => [kind, chooseNorms(ids ?? sets, nation.timeZone)]),
  );
  return (kind) => special.get(kind) ?? ordinary;
}

/** The norms in force in Ukraine. */
export const NORMS: Norms = chooseNorms(UKRAINE.sets, 'Europe/Kyiv');

/** Every rule of these norms as the interface names it; of a set in several versions, as in the last. */
export function limits(norms: Norms = NORMS): LimitInfo[] {
  const rules = [
    ...norms.sets.flatMap((set) => set.limits.map((limit) => toInfo(set, limit, kindOf(limit)))),
    ...norms.space.flatMap((set) => set.lines.map((line) => toInfo(set, line, 'space'))),
    ...norms.separation.flatMap((set) => set.rules.map((rule) => toInfo(set, rule, 'separation'))),
    toInfo({ id: PRACTICE }, norms.welfareCheck, 'check'),
  ];
  return [...new Map(rules.map((info) => [`${info.normSet}/${info.limit}`, info])).values()];
}

/** Every rule that holds anywhere in a nation. */
export function limitsOf(nation: Pick<Nation, 'norms' | 'timeZone'>): LimitInfo[] {
  const { sets, byFacilityKind = {} } = nation.norms ?? UKRAINE;
  const ids = [...new Set([...sets, ...Object.values(byFacilityKind).flatMap((own) => own ?? [])])];
  return limits(chooseNorms(ids, nation.timeZone));
}

function toInfo(
  set: { id: string; name?: LimitInfo['label'] } & Pick<NormSet, 'overlay'>,
  { id, label, short, source, standing, address, note }: Omit<Check, 'kind' | 'minutes' | 'when'>,
  kind: LimitInfo['kind'],
): LimitInfo {
  return {
    normSet: set.id,
    limit: id,
    label,
    source,
    standing,
    ...(short === undefined ? {} : { short }),
    ...(set.name === undefined ? {} : { normName: set.name }),
    ...(set.overlay === undefined
      ? {}
      : { shadows: set.overlay.shadows.map((line) => `${line.normSet}/${line.limit}`) }),
    ...(kind === undefined ? {} : { kind }),
    ...(address === null ? {} : { address }),
    ...(note === undefined ? {} : { note }),
  };
}

function kindOf({ kind }: Limit): LimitInfo['kind'] {
  return kind === 'deadline' ? undefined : kind;
}

/** Whether a set was valid at an instant (milliseconds since the epoch). */
export function isValidAt(
  { validFrom, validTo }: Pick<NormSet, 'validFrom' | 'validTo'>,
  atMs: number,
): boolean {
  return Date.parse(validFrom) <= atMs && (validTo === null || atMs < Date.parse(validTo));
}

/** Whether an area below this line is flagged as overcrowded, by the version in force at an instant (milliseconds since the epoch). */
export function isFlaggedLine({ normSet, limit }: { normSet: string; limit: string }, atMs: number): boolean {
  return ALL_NORMS.space.some(
    (set) =>
      set.id === normSet &&
      isValidAt(set, atMs) &&
      set.lines.some(({ id, isFlagged }) => id === limit && isFlagged),
  );
}

/** Whether a set is for people who are held under a regime. */
export function isOfRegime(set: Pick<NormSet, 'regime'>, regime: Person['regime']): boolean {
  return set.regime === 'any' || set.regime === regime;
}

/** The rule that the end of a limit raises in the place of those of deadlines; undefined for most. */
export function ruleAtEndOf({ normSet, limit }: { normSet: string; limit: string }): Limit['atEnd'] {
  return AT_END.get(`${normSet}/${limit}`);
}

const AT_END: ReadonlyMap<string, Limit['atEnd']> = new Map(
  ALL_NORMS.sets.flatMap(({ id, limits: own }) => own.map((one) => [`${id}/${one.id}`, one.atEnd] as const)),
);

/** The sets for a regime that were valid at an instant (milliseconds since the epoch); overlays are not among them. */
export function normSetsAt(norms: Norms, regime: Person['regime'], atMs: number): NormSet[] {
  return norms.sets.filter((set) => !set.overlay && isOfRegime(set, regime) && isValidAt(set, atMs));
}
