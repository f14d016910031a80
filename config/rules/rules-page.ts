import { SKEW_TOLERANCE_MS } from '#contract/custody-events.ts';
import { CHECK_WRITTEN_WITHIN } from '../norms/practice.ts';
import type { Rule } from './rule.ts';
import { RULES } from './rules.ts';
import type { Threshold } from './threshold.ts';
import { THRESHOLDS } from './thresholds.ts';

/** The rules and their figures as a page for people, made from the data. */
export function rulesPage(): string {
  return `${[
    INTRODUCTION,
    '## Rules',
    table(
      ['rule', 'says', 'category', 'severity', 'comes', 'goes', 'rests on'],
      [...RULES.values()].map(ruleRow),
    ),
    '## Figures',
    'What a rule measures or counts, as long as no norm set says it. `law` and `guidance` would have an address; `judgment` is our own choice. An event is judged by the version that was in force when it was received, what is live by the one that is in force now.',
    table(
      ['figure', 'value', 'rests on', 'valid from', 'rules', 'what it decides'],
      THRESHOLDS.map(thresholdRow),
    ),
    '## Figures that stand elsewhere',
    `- Deadlines, duties, reviews, checks, lines of room: [norms.md](norms.md). \`check-told-late\` is raised by a check that was written down more than ${CHECK_WRITTEN_WITHIN.minutes} minutes after it was made, as said there.
- \`clock-drift\` is raised by a clock that is more than ${SKEW_TOLERANCE_MS / 1_000} seconds ahead of ours (judgment). The figure is part of the interface, since senders are told of it in their results.`,
  ].join('\n\n')}\n`;
}

const INTRODUCTION = `# Rules

What raises a flag, how soon, and what ends it. The page is made from the data in \`config/rules/\` by \`node config/rules/write-rules-page.ts\`, and a test holds the two together. Severities, times and wording are ours (judgment), unless a row names its source. 1 needs somebody at once, 2 within minutes, 3 within the half hour, 4 is reviewed.

- **Comes**: what is seen has to be seen for so long before the flag is raised.
- **Goes**: what is gone for so long is over, and the flag is resolved by itself; or a person closes it. Until then its return is no new occurrence.`;

function ruleRow(rule: Rule): string[] {
  const { id, text, category, severity, raiseAfterS, clearAfterS, clearedBy, source } = rule;
  const words = text.en.replaceAll(/{{(\w+)(?::[^}]*)?}}/g, '…');
  const goes = clearAfterS === 0 ? 'at once' : `after ${clearAfterS} s`;
  return [
    `\`${id}\``,
    words,
    category,
    String(severity),
    raiseAfterS === 0 ? 'at once' : `after ${raiseAfterS} s`,
    clearedBy === 'person' ? 'a person closes it' : goes,
    source ?? 'judgment',
  ];
}

function thresholdRow(one: Threshold): string[] {
  const { id, version, value, unit, standing, source, address, validFrom, validTo, rules, what } = one;
  const until = validTo === null ? '' : ` to ${validTo.slice(0, 10)}`;
  const said = address === null ? source : `[${source}](<${address}>)`;
  return [
    `\`${id}\`${version === 1 ? '' : ` (version ${version})`}`,
    unit === 'times a day' ? `${value} ${unit}` : `${value} ${unit}${value === 1 ? '' : 's'}`,
    standing === 'judgment' ? standing : `${standing}: ${said}`,
    `${validFrom.slice(0, 10)}${until}`,
    rules.map((rule) => `\`${rule}\``).join(', '),
    what,
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}
