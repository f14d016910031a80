/** Parts of the audit page in their order; the first is shown when the path names none. */
export const AUDIT_PARTS = ['viewings', 'watching', 'entries', 'seals', 'holds', 'evidence'] as const;
export type AuditPart = (typeof AUDIT_PARTS)[number];

/** Where a part stands. */
export function auditPath(part: AuditPart): string {
  return part === AUDIT_PARTS[0] ? '/audit' : `/audit/${part}`;
}
