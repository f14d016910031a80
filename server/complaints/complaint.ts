import { createHash } from 'node:crypto';
import type {
  Complaint,
  ComplaintContact,
  ComplaintId,
  ComplaintNote,
  ComplaintStepBody,
  IntakeSource,
  TakeComplaintBody,
} from '#contract/complaints.ts';
import type { ErrorCode } from '#contract/errors.ts';
import type { Severity } from '#contract/flags.ts';
import type { FlagId } from '#contract/ids.ts';
import type { Facility } from '#contract/nation.ts';

/** How soon somebody has to look, by what a complaint is about. Our judgment. */
export const SEVERITY_OF_KIND: Readonly<Record<Complaint['kind'], Severity>> = {
  treatment: 2,
  medical: 2,
  rights: 3,
  conditions: 3,
  other: 3,
  property: 4,
};

/** Crockford's base 32: no letter that is heard or read as another. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const MAX_STEPS = 50;

/** What somebody said, how to reach them, and what those who dealt with it noted. */
export interface Words {
  text: string;
  contact: ComplaintContact | null;
  notes: readonly ComplaintNote[];
}

/** The number that a caller is told. It follows from the id, so that the same complaint never has two; it counts nothing. */
export function numberOf(id: ComplaintId): string {
  const hash = createHash('sha256').update(`varta:complaint:${id}`).digest();
  const digits = Array.from(hash.subarray(0, 8), (byte) => DIGITS[byte % DIGITS.length]).join('');
  return `${digits.slice(0, 4)}-${digits.slice(4)}`;
}

/** The flag of a complaint: the same on every replica. A name-based UUID (RFC 9562, version 8) over SHA-256. */
export function flagIdOfComplaint(id: ComplaintId): FlagId {
  const hash = createHash('sha256').update(`varta:complaint-flag:${id}`).digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x80;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.subarray(0, 16).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** A complaint that is taken now, by a person or with the key of an outside hotline. */
export function takeComplaint(
  body: TakeComplaintBody,
  facility: Pick<Facility, 'id' | 'regionId'>,
  { by, intake, atMs }: { by: string; intake?: IntakeSource | undefined; atMs: number },
): Complaint {
  return {
    id: body.id,
    number: numberOf(body.id),
    regionId: facility.regionId,
    facilityId: facility.id,
    kind: body.kind,
    happenedAt: body.happenedAt ?? null,
    anonymous: body.contact === undefined || Object.keys(body.contact).length === 0,
    ...(intake ? { intake } : {}),
    state: 'received',
    outcome: null,
    flagId: flagIdOfComplaint(body.id),
    history: [{ state: 'received', by, at: new Date(atMs).toISOString() }],
    version: 1,
  };
}

const DAY_MS = 24 * 3_600_000;

/** When what was said is to be erased (ms): so many days after the answer; undefined until there is one. */
export function eraseWordsAtMs({ state, history }: Complaint, days: number): number | undefined {
  const last = history.at(-1);
  return state === 'answered' && last ? Date.parse(last.at) + days * DAY_MS : undefined;
}

/** A digest of what was said, to know the same request again. It is made of the words that are kept, and goes with them. */
export function digestOfWords({ text, contact }: Pick<Words, 'text' | 'contact'>): string {
  const { name, phone, email, other } = contact ?? {};
  const said = [text, name ?? null, phone ?? null, email ?? null, other ?? null];
  return createHash('sha256').update(JSON.stringify(said)).digest('hex');
}

/**
 * Whether taking asks for a complaint that exists already: the same request once more. `words`: digests of what was said
 * then and is said now; undefined once what was said is erased.
 */
export function isSameTaking(
  known: Complaint,
  asked: Complaint,
  words: { known: string | undefined; asked: string },
): boolean {
  return (
    known.facilityId === asked.facilityId &&
    known.kind === asked.kind &&
    known.happenedAt === asked.happenedAt &&
    known.anonymous === asked.anonymous &&
    known.intake?.keyId === asked.intake?.keyId &&
    known.history[0]?.by === asked.history[0]?.by &&
    (words.known === undefined || words.known === words.asked)
  );
}

export type StepResult =
  | { ok: true; complaint: Complaint; repeated: boolean }
  | {
      ok: false;
      code: Extract<ErrorCode, 'conflict' | 'invalid_transition' | 'invalid' | 'limit_reached'>;
      message: string;
      field?: string;
    };

/**
 * The next step of a complaint: received → in review → answered. A review may be left out; what is answered stays so.
 * `lastNote`: what was noted at the last step, to know the same request again.
 */
export function stepComplaint(
  complaint: Complaint,
  asked: ComplaintStepBody,
  { by, atMs, lastNote }: { by: string; atMs: number; lastNote?: string | undefined },
): StepResult {
  const answers = asked.to === 'answered';
  if (answers !== (asked.outcome !== undefined))
    return {
      ok: false,
      code: 'invalid',
      field: 'outcome',
      message: answers ? 'say what came of it' : 'belongs to an answer',
    };
  const last = complaint.history.at(-1);
  const isRepeated =
    complaint.version === asked.version + 1 &&
    last?.state === asked.to &&
    last.by === by &&
    lastNote === asked.note &&
    complaint.outcome === (asked.outcome ?? null);
  if (isRepeated) return { ok: true, complaint, repeated: true };
  if (complaint.version !== asked.version)
    return { ok: false, code: 'conflict', message: `the complaint has version ${complaint.version} now` };
  if (complaint.state === 'answered' || complaint.state === asked.to)
    return {
      ok: false,
      code: 'invalid_transition',
      message: `a complaint that is ${complaint.state} cannot become ${asked.to}`,
    };
  if (complaint.history.length >= MAX_STEPS)
    return { ok: false, code: 'limit_reached', message: 'the complaint has too many steps' };
  const step: Complaint['history'][number] = {
    state: asked.to,
    by,
    at: new Date(atMs).toISOString(),
    ...(asked.note === undefined ? {} : { noted: true }),
  };
  return {
    ok: true,
    repeated: false,
    complaint: {
      ...complaint,
      state: asked.to,
      outcome: asked.outcome ?? null,
      history: [...complaint.history, step],
      version: complaint.version + 1,
    },
  };
}
