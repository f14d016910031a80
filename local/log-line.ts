/** pino's levels by number; the unmarked ones are ordinary. */
const levelMarks = new Map([
  [40, 'warning: '],
  [50, 'error: '],
  [60, 'fatal: '],
]);

/** Fields that every line has and nobody reads. */
const silentFields = new Set(['level', 'time', 'pid', 'hostname', 'msg', 'name', 'service', 'v']);

function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null && 'message' in value) return String(value.message);
  return JSON.stringify(value) ?? '';
}

function parseLogRecord(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === 'object' && parsed !== null && 'msg' in parsed ? { ...parsed } : undefined;
  } catch {
    return undefined;
  }
}

/** A service's line as a person reads it: JSON records become a sentence, everything else stays as it is. */
export function formatLogLine(service: string, line: string): string {
  const prefix = `${service.padEnd(6)} │ `;
  const record = parseLogRecord(line);
  if (!record) return prefix + line;
  const fields = Object.entries(record)
    .filter(([key]) => !silentFields.has(key))
    .map(([key, value]) => ` ${key}=${toText(value)}`);
  return prefix + (levelMarks.get(Number(record.level)) ?? '') + toText(record.msg) + fields.join('');
}
