import type { OpenApiDocument } from '../openapi.ts';

export const DOCS_STYLE = `
:root { color-scheme: dark; }
body { margin: 0 auto; max-width: 72rem; padding: 2rem; background: #10151b; color: #dbe2ea; font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.75rem; } h2 { margin-top: 2.5rem; font-size: 1.25rem; }
a { color: #8ab8ff; } p { max-width: 48rem; }
details { border-top: 1px solid #2a333d; } summary { display: grid; grid-template-columns: 5rem 1fr; gap: .25rem 1rem; padding: .6rem 0; cursor: pointer; }
summary b { font-family: ui-monospace, monospace; color: #9fb0c3; } summary code { color: #fff; } summary span { grid-column: 2; color: #9fb0c3; }
section { padding: 0 0 1rem 6rem; } h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
pre { margin: 0; padding: .75rem; overflow-x: auto; background: #0a0e12; border-radius: .25rem; font: 13px/1.45 ui-monospace, monospace; }
table { border-collapse: collapse; } td, th { padding: .2rem 1rem .2rem 0; text-align: left; vertical-align: top; }
`;

const METHODS = ['get', 'post', 'patch', 'delete', 'options'] as const;

/** The OpenAPI document as one page of HTML that loads nothing. */
export function renderDocs(document: OpenApiDocument): string {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item?.[method];
      return operation ? [{ path, method, operation, tag: operation.tags?.[0] ?? 'other' }] : [];
    }),
  );
  const groups = [...Map.groupBy(operations, ({ tag }) => tag)];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(document.info.title)} API</title><style>${DOCS_STYLE}</style></head><body>
<h1>${escapeHtml(document.info.title)} API</h1>
<p>${escapeHtml(document.info.description ?? '')} For programs: <a href="/api/openapi.json">openapi.json</a>.</p>
${groups.map(([tag, members]) => `<h2>${escapeHtml(tag)}</h2>\n${members.map(renderOperation).join('\n')}`).join('\n')}
</body></html>
`;
}

type Operation = NonNullable<NonNullable<OpenApiDocument['paths']>[string]>['get'];

function renderOperation({
  path,
  method,
  operation,
}: {
  path: string;
  method: string;
  operation: NonNullable<Operation>;
}): string {
  const schemes = (operation.security ?? []).flatMap((scheme) => Object.keys(scheme));
  return `<details><summary><b>${method.toUpperCase()}</b><code>${escapeHtml(path)}</code><span>${escapeHtml(operation.summary ?? '')}</span></summary>
<section><table>
<tr><th>Who</th><td>${escapeHtml(schemes.join(', ') || 'anybody')}</td></tr>
<tr><th>Policy</th><td><code>${escapeHtml(String(operation['x-varta-action'] ?? ''))}</code></td></tr>
</table>
${renderJson('Parameters', operation.parameters)}
${renderJson('Body', operation.requestBody)}
${renderJson('Answers', operation.responses)}
</section></details>`;
}

function renderJson(title: string, value: unknown): string {
  return value === undefined
    ? ''
    : `<h3>${title}</h3><pre>${escapeHtml(JSON.stringify(value, null, 2))}</pre>`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
