import { z } from 'zod';
import { EVENT_DETAILS, Person } from '#contract/custody-details.ts';
import {
  AREA_EVENT_TYPES,
  AreaEvent,
  CASE_EVENT_TYPES,
  CaseEvent,
  CorrectionEvent,
  CUSTODY_SCHEMA_VERSION,
  CustodyEvent,
} from '#contract/custody-events.ts';

/** What a custody event is, as JSON Schema 2020-12, with which details each type needs and may have. */
export function custodyEventSchema(): Record<string, unknown> {
  const names = z.registry<{ id: string }>();
  names.add(CaseEvent, { id: 'CaseEvent' });
  names.add(AreaEvent, { id: 'AreaEvent' });
  names.add(CorrectionEvent, { id: 'CorrectionEvent' });
  names.add(Person, { id: 'Person' });
  const schema = z.toJSONSchema(CustodyEvent, { metadata: names, io: 'input' });
  const { $schema, ...rest } = schema;
  const definitions = schema.$defs ?? {};
  withRules(definitions.CaseEvent, CASE_EVENT_TYPES, detailsOf(CaseEvent.shape));
  withRules(definitions.AreaEvent, AREA_EVENT_TYPES, detailsOf(AreaEvent.shape));
  return {
    $schema,
    $id: `urn:varta:custody-event:${CUSTODY_SCHEMA_VERSION}`,
    title: 'Varta custody event',
    description: `Version ${CUSTODY_SCHEMA_VERSION}. What is added within a version is optional; what exists keeps its meaning.`,
    ...rest,
  };
}

/** Details that depend on the type. */
function detailsOf(shape: Readonly<Record<string, unknown>>): string[] {
  const all = new Set(Object.values(EVENT_DETAILS).flatMap(({ needs = [], may = [] }) => [...needs, ...may]));
  return Object.keys(shape).filter((name) => name !== 'areaId' && all.has(name as never));
}

function withRules(
  definition: { allOf?: unknown } | undefined,
  types: readonly string[],
  details: readonly string[],
): void {
  if (!definition) throw new TypeError('the schema lacks a definition');
  definition.allOf = types.map((type) => {
    const { needs = [], may = [] } = EVENT_DETAILS[type] ?? {};
    const stray = details.filter((name) => ![...needs, ...may].includes(name as never));
    // Of another type, or with what this one needs and without what it may not have.
    return {
      anyOf: [
        { properties: { type: { not: { const: type } } } },
        {
          ...(needs.length > 0 ? { required: needs } : {}),
          properties: Object.fromEntries(stray.map((name) => [name, false])),
        },
      ],
    };
  });
}
