import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** A route as it stands in the source: what can be read of it without running anything. */
export interface WrittenRoute {
  /** Where it is written. */
  path: string;
  /** `GET /api/v1/areas/{areaId}`; undefined when its address is made at run time. */
  name: string | undefined;
  action: string | undefined;
  authentication: string | undefined;
  displays: boolean;
}

/** Reads the text of a module by its path from the root. */
type ReadText = (path: string) => Promise<string>;

interface Source {
  path: string;
  file: ts.SourceFile;
  constants: ReadonlyMap<string, ts.Expression>;
  /** Name here, and where it comes from. */
  imports: ReadonlyMap<string, { path: string; name: string }>;
}

/** Every `defineRoute({…})` of these modules; constants, spreads and templates are followed, also into other modules. */
export async function readRoutes(paths: readonly string[], readText: ReadText): Promise<WrittenRoute[]> {
  const sources = new Map<string, Promise<Source>>();
  const sourceOf = (path: string): Promise<Source> => {
    const known = sources.get(path) ?? readText(path).then((text) => toSource(path, text));
    sources.set(path, known);
    return known;
  };
  const found = await Promise.all(
    paths.map(async (path) => {
      const source = await sourceOf(path);
      return Promise.all(callsOf(source.file).map((given) => toRoute(source, given, sourceOf)));
    }),
  );
  return found.flat();
}

/** `get`, `/areas/:areaId` as `GET /areas/{areaId}`. */
export function toRouteName(method: string, path: string): string {
  return `${method.toUpperCase()} ${path.replace(/:(\w+)/g, '{$1}')}`;
}

/** The reader of this checkout. */
export function readFrom(root: string): ReadText {
  return (path) => readFile(join(root, path), 'utf8');
}

function toSource(path: string, text: string): Source {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const constants = new Map<string, ts.Expression>();
  const imports = new Map<string, { path: string; name: string }>();
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer)
      constants.set(node.name.text, bare(node.initializer));
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      const specifier = node.moduleSpecifier.text;
      const bindings = node.importClause?.namedBindings;
      if (specifier.startsWith('.') && bindings && ts.isNamedImports(bindings))
        for (const { name, propertyName } of bindings.elements)
          imports.set(name.text, {
            path: join(dirname(path), specifier),
            name: (propertyName ?? name).text,
          });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { path, file, constants, imports };
}

function callsOf(file: ts.SourceFile): ts.Expression[] {
  const calls: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    const [given] = ts.isCallExpression(node) ? node.arguments : [];
    if (given && ts.isCallExpression(node) && node.expression.getText(file) === 'defineRoute')
      calls.push(given);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return calls;
}

type SourceOf = (path: string) => Promise<Source>;

async function toRoute(source: Source, given: ts.Expression, sourceOf: SourceOf): Promise<WrittenRoute> {
  const said = await propertiesOf(source, given, sourceOf);
  const method = said.get('method');
  const path = said.get('path');
  return {
    path: source.path,
    name: method === undefined || path === undefined ? undefined : toRouteName(method, path),
    action: said.get('action'),
    authentication: said.get('authentication'),
    displays: said.get('displays') === 'true',
  };
}

/** The properties of an object that can be read; later ones win, as they do at run time. */
async function propertiesOf(
  source: Source,
  expression: ts.Expression,
  sourceOf: SourceOf,
): Promise<Map<string, string | undefined>> {
  const at = await resolve(source, bare(expression), sourceOf);
  const said = new Map<string, string | undefined>();
  if (!at || !ts.isObjectLiteralExpression(at.expression)) return said;
  for (const property of at.expression.properties) {
    if (ts.isSpreadAssignment(property)) {
      const more = await propertiesOf(at.source, property.expression, sourceOf);
      for (const [name, value] of more) said.set(name, value);
    } else if (ts.isPropertyAssignment(property)) {
      said.set(
        property.name.getText(at.source.file),
        await textOf(at.source, property.initializer, sourceOf),
      );
    } else if (ts.isShorthandPropertyAssignment(property)) {
      said.set(property.name.text, await textOf(at.source, property.name, sourceOf));
    }
  }
  return said;
}

/** What an expression is as text; undefined when only a run can tell. */
async function textOf(
  source: Source,
  expression: ts.Expression,
  sourceOf: SourceOf,
): Promise<string | undefined> {
  const at = await resolve(source, bare(expression), sourceOf);
  if (!at) return undefined;
  if (ts.isStringLiteralLike(at.expression)) return at.expression.text;
  if (at.expression.kind === ts.SyntaxKind.TrueKeyword) return 'true';
  if (!ts.isTemplateExpression(at.expression)) return undefined;
  const { head, templateSpans } = at.expression;
  const parts = await Promise.all(
    templateSpans.map(async (span) => {
      const value = await textOf(at.source, span.expression, sourceOf);
      return value === undefined ? undefined : value + span.literal.text;
    }),
  );
  return parts.includes(undefined) ? undefined : head.text + parts.join('');
}

/** Follows a name to the constant that it stands for. */
async function resolve(
  source: Source,
  expression: ts.Expression,
  sourceOf: SourceOf,
): Promise<{ source: Source; expression: ts.Expression } | undefined> {
  if (!ts.isIdentifier(expression)) return { source, expression };
  const here = source.constants.get(expression.text);
  if (here) return resolve(source, here, sourceOf);
  const from = source.imports.get(expression.text);
  if (!from) return undefined;
  const other = await sourceOf(from.path);
  const there = other.constants.get(from.name);
  return there && resolve(other, there, sourceOf);
}

/** An expression without what only types see. */
function bare(expression: ts.Expression): ts.Expression {
  return ts.isAsExpression(expression) ||
    ts.isSatisfiesExpression(expression) ||
    ts.isParenthesizedExpression(expression)
    ? bare(expression.expression)
    : expression;
}
