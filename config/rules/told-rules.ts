import type { Rule, RuleId } from './rule.ts';

/** Each event once, and a person closes the flag. */
function told(id: RuleId, category: Rule['category'], severity: Rule['severity'], text: Rule['text']): Rule {
  return { id, category, severity, raiseAfterS: 0, clearAfterS: 0, clearedBy: 'person', text };
}

/**
 * The times of a record are its sender's word. What was told late, or told anew so that limits come out otherwise, is
 * asked after: at once where somebody was hurt or a limit moved, else when there is time. Severities are ours.
 */
export const TOLD_RULES: readonly Rule[] = [
  told('learned-late', 'record-mismatch', 2, {
    uk: 'Про подію повідомлено із запізненням на {{minutes}} хв: {{what}}',
    en: 'Told {{minutes}} min late: {{what}}',
  }),
  told('sent-late', 'record-mismatch', 4, {
    uk: 'Записи надіслано із запізненням на {{minutes}} хв',
    en: 'Records were sent {{minutes}} min late',
  }),
  told('check-told-late', 'missed-check', 3, {
    uk: 'Обхід відмічено заднім числом, через {{minutes}} хв',
    en: 'A check was entered {{minutes}} min afterwards',
  }),
  told('record-moved', 'record-mismatch', 2, {
    uk: 'Виправлено запис, від якого залежать строки: {{what}}',
    en: 'A record on which limits rest was corrected: {{what}}',
  }),
  told('area-record-moved', 'record-mismatch', 3, {
    uk: 'Виправлено запис про зону: {{what}}',
    en: 'What was recorded of an area was corrected: {{what}}',
  }),
  told('facts-changed', 'record-mismatch', 3, {
    uk: 'Змінено відомості, від яких залежать строки: {{what}}',
    en: 'A fact on which limits rest was changed: {{what}}',
  }),
  told('held-after-release', 'deadline', 2, {
    uk: 'Особу тримають, хоча за записом її відпущено: строки тривають',
    en: 'Held although the record has let the person go: the limits run on',
  }),
  told('arrival-unexplained', 'record-mismatch', 3, {
    uk: 'Прийнято з іншого закладу, де немає запису ні про передачу, ні про конвой',
    en: 'Came from another facility, which has recorded neither a transfer nor a convoy',
  }),
  told('extension-granted', 'deadline', 3, {
    uk: 'Строк продовжено: перевірте підставу',
    en: 'A limit was extended: check the ground',
  }),
  told('overlay-applied', 'deadline', 2, {
    uk: 'Застосовано особливий порядок строків: перевірте підставу',
    en: 'Special limits were applied: check the ground',
  }),
  told('gate-in-cell', 'no-video', 3, {
    uk: 'Конфіденційність у звичайній камері через візит захисника',
    en: 'An ordinary cell is confidential because of a lawyer’s visit',
  }),
];
