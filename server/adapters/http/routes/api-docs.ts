import { createHash } from 'node:crypto';
import { z } from 'zod';
import { describeRoutes, type OpenApiDocument } from '../openapi.ts';
import { type AnyRoute, defineRoute } from '../route.ts';
import { DOCS_STYLE, renderDocs } from './docs-page.ts';

/** The page has no script, and exactly this style. */
const DOCS_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(DOCS_STYLE).digest('base64')}'; frame-ancestors 'none'; base-uri 'none'`;

/** The given routes and these two, described for programs and for people. */
export function withApiDocs(routes: readonly AnyRoute[], publicOrigin: string): AnyRoute[] {
  const own: AnyRoute[] = [
    defineRoute({
      method: 'get',
      path: '/api/openapi.json',
      action: 'service.probe',
      authentication: 'none',
      summary: 'This description, as OpenAPI 3.1',
      reply: z.looseObject({ openapi: z.string() }),
      handle: () => ({ ...document }),
    }),
    defineRoute({
      method: 'get',
      path: '/api/docs',
      action: 'service.probe',
      authentication: 'none',
      summary: 'This description, as a page',
      reply: z.string(),
      replyContentType: 'text/html',
      handle: ({ response }) => {
        response.set('Content-Security-Policy', DOCS_POLICY);
        return page;
      },
    }),
  ];
  const all = [...routes, ...own];
  const document: OpenApiDocument = describeRoutes(all, publicOrigin);
  const page = renderDocs(document);
  return all;
}
