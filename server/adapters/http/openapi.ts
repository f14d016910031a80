import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { AreaView, FacilityView, RegionView } from '#contract/areas.ts';
import { Problem } from '#contract/errors.ts';
import { Flag } from '#contract/flags.ts';
import { WhoAmI } from '#contract/session.ts';
import { LiveSummary } from '#contract/summary.ts';
import type { AnyRoute, Authentication } from './route.ts';

export type OpenApiDocument = ReturnType<typeof createDocument>;

/** Schemas that are named, so that the document says them once. */
const SHARED_SCHEMAS = { Problem, WhoAmI, RegionView, FacilityView, AreaView, Flag, LiveSummary };

const SECURITY: Record<Authentication, { [scheme: string]: string[] }[]> = {
  none: [],
  session: [{ session: [] }],
  display: [{ display: [] }],
  'facility-key': [{ facilityKey: [] }],
  'intake-key': [{ intakeKey: [] }],
  'viewer-token': [{ viewerToken: [] }],
};

/** The OpenAPI 3.1 document of the routes: what is served is what is described. */
export function describeRoutes(routes: readonly AnyRoute[], publicOrigin: string): OpenApiDocument {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    const path = toTemplate(route.path);
    paths[path] = { ...paths[path], [route.method]: describe(route) };
  }
  return createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Varta',
      version: '1',
      description:
        'The national monitoring wall for police custody. Refusals are `application/problem+json` with a stable `code`. ' +
        'Every operation names the action (`x-varta-action`) that the access policy is asked about.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: publicOrigin }],
    components: {
      schemas: SHARED_SCHEMAS,
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'varta.sid', description: 'Set by signing in' },
        display: {
          type: 'apiKey',
          in: 'cookie',
          name: 'varta.display',
          description: 'The key of an enrolled display',
        },
        facilityKey: { type: 'http', scheme: 'bearer', description: 'The key of a facility' },
        intakeKey: { type: 'http', scheme: 'bearer', description: 'The key of an outside hotline' },
        viewerToken: { type: 'http', scheme: 'bearer', description: 'A token for one feed and session' },
      },
    },
    paths,
  });
}

function describe(route: AnyRoute): ZodOpenApiOperationObject {
  const status = String(route.replyStatus ?? (route.reply ? 200 : 204)) as `${200}`;
  const requestParams = {
    ...(route.params instanceof z.ZodObject ? { path: route.params } : {}),
    ...(route.query instanceof z.ZodObject ? { query: route.query } : {}),
  };
  return {
    operationId: toOperationId(route),
    summary: route.summary,
    tags: [tagOf(route.path)],
    security: SECURITY[route.authentication],
    'x-varta-action': route.action,
    ...(Object.keys(requestParams).length > 0 ? { requestParams } : {}),
    ...(route.body
      ? {
          requestBody: {
            required: true,
            content: {
              [route.bodyType?.contentType ?? 'application/json']: { schema: route.body },
              ...(route.stream ? { [route.stream.contentType]: { schema: z.string() } } : {}),
            },
          },
        }
      : {}),
    responses: {
      [status]: {
        description: route.reply ? 'Done' : 'Done, nothing to say',
        ...(route.reply
          ? {
              content: {
                [route.replyContentType ?? 'application/json']: { schema: route.reply },
                ...(route.stream ? { [route.stream.contentType]: { schema: route.stream.reply } } : {}),
              },
            }
          : {}),
      },
      default: {
        description: 'Refused',
        content: { 'application/problem+json': { schema: Problem } },
      },
    },
  };
}

/** `/areas/:areaId` as `/areas/{areaId}`. */
function toTemplate(path: string): string {
  return path.replace(/:(\w+)/g, '{$1}');
}

/** `get /api/v1/areas/:areaId` as `get_areas_areaId`. */
function toOperationId({ method, path }: AnyRoute): string {
  const parts = path.replace(/^\/api(?:\/v1)?\//, '/').match(/\w+/g) ?? [];
  return [method, ...parts].join('_');
}

function tagOf(path: string): string {
  return /^\/(?:api\/v1\/)?(?<tag>\w+)/.exec(path)?.groups?.tag ?? 'other';
}
