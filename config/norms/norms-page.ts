import type { Grant, Limit, NormSet, When } from './norm-set.ts';
import { ALL_NORMS, UKRAINE } from './norms.ts';

/** The norms as a page for people, made from the data. */
export function normsPage(): string {
  const { sets, space, separation, welfareCheck, checkWrittenWithin } = ALL_NORMS;
  return `${[
    INTRODUCTION,
    ...sets.flatMap(setSection),
    '## Space per person',
    'Net area (in-cell sanitary excluded, furniture included) over the people who are inside now. An area is shown with the lowest line that it is below; of several that say the same, with that of the set that its nation names first. If that line is flagged, `overcrowded` is raised.',
    table(
      ['norm', 'below', 'shown as', 'flagged', 'where', 'rests on', 'source'],
      space.flatMap(({ id, lines }) =>
        lines.map((line) => [
          `\`${id}/${line.id}\``,
          `${line.belowM2} m²`,
          line.level,
          line.isFlagged ? 'yes' : 'no',
          line.singleOnly ? 'single cells' : 'wherever people are held',
          line.standing,
          linked(line.source.en, line.address),
        ]),
      ),
    ),
    '## Who is held apart',
    ...separation.flatMap(({ note }) => (note ? [`*${note.en}*`] : [])),
    table(
      ['norm', 'these', 'apart from', 'rests on', 'source'],
      separation.flatMap(({ id, rules }) =>
        rules.map((rule) => [
          `\`${id}/${rule.id}\``,
          said(rule.these),
          said(rule.apartFrom),
          rule.standing,
          linked(rule.source.en, rule.address),
        ]),
      ),
    ),
    '## Practice',
    `Where no set says how often somebody looks after the people in an area: every ${welfareCheck.minutes} minutes (${welfareCheck.standing}: ${welfareCheck.source.en}).`,
    `A check that is written down more than ${checkWrittenWithin.minutes} minutes after it was made counts as none (${checkWrittenWithin.standing}: ${checkWrittenWithin.source.en}).`,
    'How long a clock may stand, and how long the way to another facility may take, before it is asked after, no norm says: see [rules.md](rules.md).',
    UNKNOWN,
  ].join('\n\n')}\n`;
}

const INTRODUCTION = `# Norms

**This is not legal advice.** It is what the clocks, the lines of space and the rules of separation are counted by. It is made from the data in \`config/norms/\` by \`node config/norms/write-norms-page.ts\`, and a test holds the two together. Have a lawyer check it before it is used for a real nation.

- **Rests on** says what the *figure* stands on. \`law\` and \`guidance\` have a source with an address, which is where it was read and need not be the official text. \`general-knowledge\` has none and is to be verified. \`judgment\` is ours. Only \`law\` and \`guidance\` can be "breached" on the wall; the others are at worst red.
- **Duties** are what the law wants "at once". How long that may take no law says: the grace is judgment, and can be configured.
- Clocks turn amber at 75 % and red at 90 % of their time (judgment).
- A case is judged by the versions that were valid at its anchor: the first event that shows that the person is held.
- Durations are elapsed time, whatever the clocks on the wall do; sums "per day" use days of the nation's time zone.
- An extension counts only if it was granted before the end that it moves (judgment).
- A release after which the person is held in the same case meets no limit: the clocks run on, and \`held-after-release\` is flagged. Whoever is detained anew has a new case (judgment).
- A nation's file chooses its sets (\`norms\`), by kind of facility if need be. A nation that does not say gets those of Ukraine: ${UKRAINE.sets.map((id) => `\`${id}\``).join(', ')}. \`kz\`, \`uk-pace\` and \`cpt-health\` are here and tested, and hold only where a nation names them.
- An overlay never holds by itself. It is applied to one case by an \`OVERLAY_APPLIED\` event that says who authorised it and why; the ordinary lines stay visible beside it, in grey.`;

const UNKNOWN = `## What is not known

- MIA orders 311/2022 and 777/2023 were seen by title and in fragments. The day on which order 777 entered into force is not verified.
- Whether art. 615 of the Ukrainian code is in force in 2026.
- Kazakhstan after July 2026: the adopted text of the Constitution and the code that follows it.
- A figure of Ukrainian law for the area per person in temporary detention facilities.
- When a lawyer of the free legal aid must arrive, and how long a stay in such a facility may be: general knowledge only.
- Whether an extension in Ukraine or Kazakhstan has to be recorded in another form than an event.

## What is not modelled

- Special subjects of art. 482 of the Ukrainian code and the courts' further terms.
- Exercise under PACE, and more frequent visits to those under 18: there is no figure for either. Which meal is the main one: the record does not say.
- That the inspector who reviews is not involved in the case.`;

function setSection(set: NormSet): string[] {
  const { id, version, name, regime, validFrom, validTo, note, overlay, limits } = set;
  const valid = `valid from ${validFrom.slice(0, 10)}${validTo === null ? '' : ` to ${validTo.slice(0, 10)}`}`;
  return [
    `## ${name.en} (\`${id}\`, version ${version})`,
    `For ${regime} detention; ${valid}.${
      overlay
        ? ` **Overlay**: puts ${overlay.shadows.map((one) => `\`${one.normSet}/${one.limit}\``).join(', ')} in its shadow.`
        : ''
    }`,
    ...(note ? [`*${note.en}*`] : []),
    table(
      ['limit', 'kind', 'time', 'from → met by', 'for', 'rests on', 'source'],
      limits.flatMap((limit) => [
        limitRow(limit),
        ...(limit.kind === 'deadline' ? limit.grants.map((grant) => grantRow(limit.id, grant)) : []),
      ]),
    ),
  ];
}

function limitRow(limit: Limit): string[] {
  const behind =
    'behind' in limit && limit.behind
      ? ` Counted; without a clock of its own while \`${limit.behind.join('`, `')}\` is due no later.`
      : '';
  const atEnd =
    limit.atEnd === undefined
      ? ''
      : ` Its end raises \`${limit.atEnd}\` in the place of the flags of deadlines.`;
  const source =
    linked(limit.source.en, limit.address) + (limit.note ? ` *${limit.note.en}*` : '') + behind + atEnd;
  const standing =
    limit.kind === 'duty' ? `${limit.standing}; the grace: ${limit.graceStanding}` : limit.standing;
  return [`\`${limit.id}\``, limit.kind, timeOf(limit), spanOf(limit), forWhom(limit), standing, source];
}

function grantRow(limitId: string, grant: Grant): string[] {
  const most = grant.mostMinutes === null ? 'as decided' : `to ${duration(grant.mostMinutes)}`;
  const span = grant.spanMinutes === undefined ? '' : `, ${duration(grant.spanMinutes)} from the decision`;
  return [
    `\`${limitId}\` +`,
    'extension',
    `${most}${span}`,
    `\`EXTENSION_GRANTED\` on \`${grant.ground}\``,
    '',
    grant.standing,
    linked(grant.source.en, grant.address),
  ];
}

function timeOf(limit: Limit): string {
  switch (limit.kind) {
    case 'deadline':
      return duration(limit.minutes);
    case 'duty':
      return `at once (grace ${duration(limit.graceMinutes)})`;
    case 'review': {
      const { times = 1, lasting, firstMinutes, thenMinutes } = limit;
      if (times > 1) return `${times} in any ${duration(thenMinutes)}`;
      if (lasting)
        return `${duration(lasting.minutes)} without a break in the first ${duration(firstMinutes)}, then again within ${duration(thenMinutes)}`;
      return firstMinutes === thenMinutes
        ? `every ${duration(thenMinutes)}`
        : `${duration(firstMinutes)}, then every ${duration(thenMinutes)}`;
    }
    case 'accumulation':
      return limit.per === 'day'
        ? `${duration(limit.minutes)} on a day`
        : `${duration(limit.minutes)} without a break of ${duration(limit.shortestBreak?.minutes ?? 0)} (the break: judgment)`;
    case 'check':
      return `every ${duration(limit.minutes)}`;
  }
}

function spanOf(limit: Limit): string {
  const types = (list: readonly string[]) => list.map((type) => `\`${type}\``).join(', ');
  const pauses = 'pauses' in limit ? limit.pauses : [];
  const stands = pauses.map(
    ({ from, until }) => `; stands from ${from === 'anchor' ? 'its anchor' : `\`${from}\``} to \`${until}\``,
  );
  switch (limit.kind) {
    case 'deadline':
    case 'duty':
      return `${types(limit.anchor)} → ${types(limit.metBy)}${stands.join('')}`;
    case 'review':
      return `${types(limit.anchor)} → ${types(limit.lasting ? [limit.lasting.from, ...limit.doneBy] : limit.doneBy)}${stands.join('')}`;
    case 'accumulation':
      return `\`${limit.from}\` → \`${limit.until}\``;
    case 'check':
      return 'coming into an area → `CELL_CHECK` of it';
  }
}

const FACTS: Record<keyof When, [yes: string, no: string]> = {
  minor: ['minors', 'adults'],
  intermittentObservation: ['observation level 2', 'other observation levels'],
  constantObservation: ['observation level 3', 'other observation levels'],
  closeProximity: ['observation level 4', 'other observation levels'],
  foreigner: ['foreigners', 'citizens'],
  arrivedIntoxicated: ['who came intoxicated', 'who did not come intoxicated'],
  intoxicated: ['who is intoxicated now', 'who is not intoxicated now'],
  needsAppropriateAdult: ['minors and the vulnerable', 'others'],
  specialService: ['people of special services', 'others'],
  onRuling: ['detained on a ruling', 'detained without a ruling'],
};

function forWhom(limit: Limit): string {
  const facts = Object.entries(limit.when ?? {}).map(
    ([name, wanted]) => FACTS[name as keyof When][wanted ? 0 : 1],
  );
  const ground = 'ground' in limit && limit.ground ? [`where \`${limit.ground}\` was granted`] : [];
  return [...facts, ...ground].join(', ') || 'all';
}

function said(group: Readonly<Record<string, unknown>>): string {
  return Object.entries(group)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');
}

function duration(minutes: number): string {
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}

function linked(text: string, address: string | null): string {
  return address === null ? text : `[${text}](<${address}>)`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}
