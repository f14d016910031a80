import ts from 'typescript';

const HTTP = 'server/adapters/http/';
/** Where routes become part of the app. */
const ROUTER = `${HTTP}router.ts`;
/** What serves the built client, and nothing that programs ask for. */
const CLIENT = `${HTTP}static-client.ts`;
const APP = `${HTTP}app.ts`;
/** Modules that need express itself; all others know its types of requests and answers only. */
const WITH_EXPRESS: readonly string[] = [APP, CLIENT, `${HTTP}body.ts`, `${HTTP}trust.ts`];
/** Modules that see the app. */
const WITH_APP: readonly string[] = [APP, CLIENT, ROUTER];
const LISTENER = `${HTTP}http-server.ts`;

const VERBS: ReadonlySet<string> = new Set([
  'get',
  'post',
  'put',
  'patch',
  'delete',
  'head',
  'options',
  'all',
  'use',
  'route',
  'param',
]);

/** Its addresses are not for people. */
const FOR_PROGRAMS = /^\/(?:api|whip|whep|socket\.io|healthz|readyz|metrics)(?:\/|$)/;

/**
 * Ways into the server that are not a `defineRoute`, so that no rule is asked about them: handlers put on the app, routes
 * written as plain objects, another listener. Each with the module that has it.
 */
export function findStrays(path: string, text: string): string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const strays: string[] = [];
  const tell = (node: ts.Node, what: string) =>
    strays.push(`${path}: ${what}: ${node.getText(file).replace(/\s+/g, ' ').slice(0, 60)}`);
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) readImport(node);
    if (ts.isCallExpression(node)) readCall(node);
    if (ts.isObjectLiteralExpression(node) && isRoute(node) && !isDefined(node, file))
      tell(node, 'a route without defineRoute');
    ts.forEachChild(node, visit);
  };

  const readImport = (node: ts.ImportDeclaration) => {
    const from = ts.isStringLiteral(node.moduleSpecifier) ? node.moduleSpecifier.text : '';
    const { importClause } = node;
    if (from !== 'express' || !importClause) return;
    const bindings = importClause.namedBindings;
    const named = bindings && ts.isNamedImports(bindings) ? [...bindings.elements] : [];
    const isValue =
      importClause.phaseModifier !== ts.SyntaxKind.TypeKeyword &&
      (importClause.name !== undefined || named.some(({ isTypeOnly }) => !isTypeOnly));
    if (isValue && !WITH_EXPRESS.includes(path)) tell(node, 'takes express itself');
    const names = named.map(({ name, propertyName }) => (propertyName ?? name).text);
    if (names.some((name) => /^(?:I?Router|Express|Application)$/.test(name)) && !WITH_APP.includes(path))
      tell(node, 'takes the app');
  };

  const readCall = (node: ts.CallExpression) => {
    const called = node.expression;
    if (ts.isElementAccessExpression(called)) {
      if (isApp(called.expression) && !isMounting(called)) tell(node, 'a handler beside the routes');
      return;
    }
    if (ts.isIdentifier(called) && called.text === 'createServer' && path !== LISTENER)
      tell(node, 'another listener');
    if (!ts.isPropertyAccessExpression(called)) return;
    const [first] = node.arguments;
    const verb = called.name.text;
    if (/^(?:on|once|addListener)$/.test(verb) && first?.getText(file) === "'request'")
      tell(node, 'another listener');
    if (!VERBS.has(verb) || !first) return;
    const hasPath = isPath(first);
    const isOnApp = isApp(called.expression);
    if (!hasPath && !isOnApp) return;
    // A fetch or a map may be asked for something of that name; a handler comes second.
    if (node.arguments.length < 2 && !(isOnApp && verb !== 'get' && !isMiddleware(verb, first))) return;
    if (path === ROUTER && isOnApp && !hasPath && verb === 'all') return;
    if (path === CLIENT && isOnApp && (verb === 'get' || verb === 'use') && isForPeople(first)) return;
    tell(node, 'a handler beside the routes');
  };

  const isApp = (of: ts.Expression) =>
    (ts.isIdentifier(of) && /(?:^|[a-z\d])(?:app|router)$/i.test(of.text)) ||
    (ts.isCallExpression(of) && /^(?:express|Router|express\.Router)$/.test(of.expression.getText(file)));
  const isMiddleware = (verb: string, first: ts.Expression) => verb === 'use' && !isPath(first);
  const isMounting = (called: ts.ElementAccessExpression) =>
    path === ROUTER && called.argumentExpression.getText(file) === 'route.method';

  const isForPeople = (first: ts.Expression): boolean =>
    pathsOf(first, file)?.every((one) => one.startsWith('/') && !FOR_PROGRAMS.test(one)) === true;

  visit(file);
  return strays;
}

/** Whether an expression is an address, or several, as they are written. */
function isPath(node: ts.Expression): boolean {
  if (ts.isStringLiteralLike(node)) return node.text.startsWith('/');
  if (ts.isTemplateExpression(node)) return node.head.text.startsWith('/');
  return (
    ts.isRegularExpressionLiteral(node) || (ts.isArrayLiteralExpression(node) && node.elements.some(isPath))
  );
}

/** The addresses of an argument; undefined when they cannot be read. Constants of the module are followed. */
function pathsOf(node: ts.Expression, file: ts.SourceFile): string[] | undefined {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isArrayLiteralExpression(node)) {
    const parts = node.elements.map((one) => pathsOf(one, file));
    return parts.includes(undefined) ? undefined : parts.flatMap((one) => one ?? []);
  }
  if (!ts.isIdentifier(node)) return undefined;
  for (const statement of file.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations)
      if (name.getText(file) === node.text && initializer) return pathsOf(initializer, file);
  }
  return undefined;
}

/** Whether an object has what makes a route. */
function isRoute(node: ts.ObjectLiteralExpression): boolean {
  const names = new Set(node.properties.map((property) => property.name?.getText()));
  return names.has('path') && names.has('handle') && (names.has('method') || names.has('authentication'));
}

/** Whether an object goes through `defineRoute`, which holds its handler against its schemas. */
function isDefined(node: ts.Node, file: ts.SourceFile): boolean {
  const { parent } = node;
  if (ts.isSatisfiesExpression(parent) || ts.isParenthesizedExpression(parent))
    return isDefined(parent, file);
  return ts.isCallExpression(parent) && parent.expression.getText(file) === 'defineRoute';
}
