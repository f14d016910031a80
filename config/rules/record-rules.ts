import type { Rule, RuleId } from './rule.ts';

/** The record contradicts what could be seen at the time: once in a spell, and a person closes the flag. */
function contradicts(id: RuleId, severity: Rule['severity'], text: Rule['text']): Rule {
  return {
    id,
    category: 'record-mismatch',
    severity,
    raiseAfterS: 0,
    clearAfterS: 0,
    clearedBy: 'person',
    text,
  };
}

/**
 * The record against video and people. A check that nobody can confirm is reviewed (severity 4, as in a list of our
 * own); somebody held without a record, or recorded and not there, needs an answer soon.
 */
export const RECORD_RULES: readonly Rule[] = [
  contradicts('check-unseen', 4, {
    uk: 'Перевірку записано, коли відео не було: {{cause}}',
    en: 'A check is recorded at a time without video: {{cause}}',
  }),
  contradicts('check-of-empty', 4, {
    uk: 'Перевірку записано там, де за записами нікого не було',
    en: 'A check is recorded where the record has nobody',
  }),
  contradicts('presence-unrecorded', 2, {
    uk: 'Людину видно там, де за записами нікого немає',
    en: 'Somebody is seen where the record has nobody',
  }),
  contradicts('absence-unrecorded', 2, {
    uk: 'Нікого не видно там, де за записами є особа',
    en: 'Nobody is seen where the record has somebody',
  }),
  contradicts('count-differs', 2, {
    uk: 'Видно осіб: {{seen}}, за записами: {{recorded}}',
    en: 'People seen: {{seen}}, by the record: {{recorded}}',
  }),
];
