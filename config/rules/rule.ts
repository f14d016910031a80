import { z } from 'zod';
import { FlagCategory, Severity } from '#contract/flags.ts';
import { LocalText } from '#contract/ids.ts';

/** Rules that raise what an event says at once. */
export const RULES_OF_EVENTS = [
  'death',
  'escape',
  'self-harm',
  'medical-emergency',
  'fire',
  'disorder',
  'unauthorised-person',
  'incident',
  'force-used',
  'force-unexplained',
  'restraint-on',
  'injury-recorded',
  'complaint',
] as const;

/** What a rule of this kind looks at; the code that looks is in `server/rules/look/`. */
export const RuleId = z.enum([
  'deadline-amber',
  'deadline-red',
  'deadline-breached',
  'limit-passed',
  'clock-stands',
  'duty-late',
  'care-missed',
  'check-missed',
  'overcrowded',
  'over-capacity',
  'separation',
  'record-contradicts-itself',
  'no-video',
  'feed-lost',
  'feed-frozen',
  'feed-black',
  'feed-covered',
  'facility-silent',
  'gate-too-long',
  'visit-ending',
  // What the record says, held against who was there and what could be seen at the time.
  'check-unseen',
  'check-of-empty',
  'presence-unrecorded',
  'absence-unrecorded',
  'count-differs',
  // What somebody has to do for a person, or a facility to mend.
  'bell-unanswered',
  'observation-lapse',
  'self-harm-risk',
  'minor-unaccompanied',
  'cameras-lost',
  'gate-overused',
  'gate-minutes-overused',
  'recorded-late',
  'record-edited-late',
  'record-withdrawn',
  // What was told late, or told anew, so that limits come out otherwise.
  'learned-late',
  'sent-late',
  'check-told-late',
  'record-moved',
  'area-record-moved',
  'facts-changed',
  'held-after-release',
  'arrival-unexplained',
  'transfer-not-received',
  'extension-granted',
  'overlay-applied',
  'gate-in-cell',
  'clock-drift',
  ...RULES_OF_EVENTS,
]);
export type RuleId = z.infer<typeof RuleId>;

/**
 * When a rule raises a flag, and when the flag goes. Severities, times and wording are ours, unless a rule names its
 * source. A flag is raised once for each occurrence, however often and by however many replicas it is seen.
 */
export const Rule = z.strictObject({
  id: RuleId,
  category: FlagCategory,
  severity: Severity,
  /** What is seen has to be seen for so long before a flag is raised; seconds. */
  raiseAfterS: z.int().min(0).max(3_600),
  /** It has to be gone for so long before the occurrence is over; seconds. Until then its return is no new one. */
  clearAfterS: z.int().min(0).max(3_600),
  /** `itself`: the flag is resolved when the occurrence is over. `person`: somebody has to close it. */
  clearedBy: z.enum(['itself', 'person']),
  /** What its severity rests on, where that is more than our judgment. */
  source: z.string().min(3).max(300).optional(),
  /**
   * For people, with `{{name}}` for what the occurrence says; `{{name:раз|рази|разів}}` is the form of a word that goes
   * with that number (one, few, many; in English one, other).
   */
  text: LocalText,
});
export type Rule = z.infer<typeof Rule>;
