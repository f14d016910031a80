import type { HandoverEntry, HandoverKind } from '#contract/handover.ts';
import type { LimitInfo } from '#contract/live.ts';
import type { Texts } from '../desk/desk-context.ts';
import { ruleText } from '../flags/rule-text.ts';

/** What a thing that is handed over is called, in the words of the page. */
export function entryText(
  kind: HandoverKind,
  entry: HandoverEntry,
  { t, language, formats, limits }: Texts & { limits: Readonly<Record<string, LimitInfo>> },
): string {
  const time = formats.dayAndTime(Date.parse(entry.at));
  switch (kind) {
    case 'flag':
    case 'change': {
      const { flag } = entry;
      if (!flag) return '–';
      return ruleText(flag, { language, limits }) ?? t(`categories.${flag.category}`);
    }
    case 'dark': {
      // The same words as the rule's.
      const rule = { id: 'no-video', params: { cause: entry.cause ?? '' } };
      return ruleText({ rule }, { language, limits }) ?? t('handover.kinds.dark');
    }
    case 'unplaced':
      return t('handover.unplaced', { case: entry.caseId ?? '–' });
    case 'risk':
      return (entry.vulnerabilities ?? []).map((one) => t(`vulnerabilities.${one}`)).join(', ');
    case 'clock': {
      const label = limits[entry.limit ?? '']?.label[language] ?? entry.limit ?? '';
      return t('handover.clock', { limit: label, time });
    }
    case 'check':
      return t('handover.check', { time });
    case 'gate':
      return t('handover.gate', { time });
  }
}
