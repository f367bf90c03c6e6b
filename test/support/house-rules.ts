import { posix } from 'node:path';
import ts from 'typescript';

/** A source file as the checks see it: its path from the root, with slashes, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** One broken rule of the house, in words that name the file. */
export type Violation = string;

const LEVEL_0 = [
  'src/domain/',
  'src/signature/',
  'src/config.ts',
  'src/logger.ts',
  'src/loop-turns.ts',
  'src/new-id.ts',
  'src/settings/',
  'src/metrics/',
  'src/tracing/',
];

/** What each room may import besides itself and packages; `type:` allows types only. CONTRIBUTING.md shows them. */
export const MAY_IMPORT: readonly (readonly [room: string, allowed: readonly string[]])[] = [
  ['src/domain/', []],
  ['src/signature/', []],
  ['src/config.ts', ['type:src/domain/', 'src/settings/']],
  ['src/settings/', ['src/domain/']],
  ['src/logger.ts', []],
  ['src/loop-turns.ts', []],
  ['src/new-id.ts', []],
  ['src/metrics/', ['src/domain/']],
  ['src/tracing/', ['type:src/logger.ts', 'type:src/settings/']],
  ['src/storage/', LEVEL_0],
  ['src/transport/', LEVEL_0],
  ['src/sending/', [...LEVEL_0, 'src/storage/', 'src/transport/']],
  ['activities/', [...LEVEL_0, 'src/storage/', 'src/transport/', 'src/sending/']],
  ['workflows/', ['src/domain/', 'type:activities/']],
  ['src/temporal/', [...LEVEL_0, 'workflows/messages.ts', 'type:workflows/', 'type:activities/']],
  [
    'src/dispatch/',
    [...LEVEL_0, 'workflows/messages.ts', 'type:workflows/', 'type:src/storage/', 'type:src/temporal/'],
  ],
  ['src/api/', [...LEVEL_0, 'src/storage/', 'src/temporal/']],
  ['src/dashboard/', ['clients/typescript/', 'src/signature/', 'type:src/domain/']],
  ['clients/typescript/', ['src/signature/']],
  ['clients/cli/', ['clients/typescript/', 'src/signature/', 'src/domain/error-code.ts', 'type:src/domain/']],
  ['src/main/', ['src/', 'workflows/', 'activities/', 'clients/cli/main.ts']],
];

const MAX_LINES = 300;
/** What the formatter cannot break, such as a long text, is broken by hand. */
const MAX_COLUMNS = 120;

/** Tests whose bodies speak in rows (test/support/rows), so that they outlive the tables. */
const SPEAKS_IN_ROWS =
  /^test\/(?:activities|api|clients|dispatch|main\/loops|metrics|sending|tracing|workflows)\/.*\.test\.ts$/;
/** Where SQL is what the test is about. */
const ABOUT_SQL = ['test/api/health/unusable-database.test.ts'];
const SQL =
  /\b(?:SELECT\s|INSERT INTO\s|UPDATE\s\w|DELETE FROM\s|TRUNCATE\s|(?:LOCK|ALTER|DROP|CREATE) TABLE\s)/;

/** Where text for people may be printed; everywhere else there is a logger. */
const MAY_PRINT = ['src/main/'];

/** What would make the domain depend on the moment or the machine. */
const IMPURE_MEMBERS = /^(?:Date\.now|Math\.random|performance\.\w+|process\.\w+|crypto\.\w+)$/;
const IMPURE_CALLS = /^(?:setTimeout|setInterval|setImmediate|fetch)$/;

/** Every rule of the house that this file breaks; empty where none. */
export function findViolations(file: SourceFile): readonly Violation[] {
  const source = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ES2023, true);
  const found = [...checkText(file), ...checkImports(file.path, source)];
  visit(source, (node) => found.push(...checkNode(file.path, node)));
  return found.map((violation) => `${file.path}: ${violation}`);
}

function checkText({ path, text }: SourceFile): Violation[] {
  const lines = text.trimEnd().split('\n').length;
  const found: Violation[] = [];
  if (lines > MAX_LINES) found.push(`has ${lines} lines; ${MAX_LINES} are allowed`);
  if (text.split('\n').some(isTooWide)) found.push(`has lines wider than ${MAX_COLUMNS} columns`);
  if (/\b(?:TO[D]O|FI[X]ME)\b/.test(text)) found.push('leaves work undone in a comment');
  if (SPEAKS_IN_ROWS.test(path) && !ABOUT_SQL.includes(path) && SQL.test(text))
    found.push('speaks SQL where test/support/rows should');
  return found;
}

/** Whether a line should have been broken: addresses, directives and regular expressions cannot be. */
export function isTooWide(line: string): boolean {
  return [...line].length > MAX_COLUMNS && !/:\/\/|@type|^\s*\/.*\/[a-z]*[;,]?$/.test(line);
}

function checkImports(path: string, source: ts.SourceFile): Violation[] {
  return importsOf(source).flatMap(({ specifier, typeOnly }) => {
    if (specifier.startsWith('.')) return checkOwnImport(path, resolve(path, specifier), typeOnly);
    if (!path.startsWith('src/domain/') || typeOnly) return [];
    return [`imports ${specifier}, but the domain imports nothing`];
  });
}

function checkOwnImport(path: string, target: string, typeOnly: boolean): Violation[] {
  const rule = MAY_IMPORT.find(([room]) => path.startsWith(room));
  if (rule === undefined) return [];
  const [room, allowed] = rule;
  const isAllowed = [room, ...allowed].some((entry) =>
    entry.startsWith('type:')
      ? typeOnly && target.startsWith(entry.slice('type:'.length))
      : target.startsWith(entry),
  );
  return isAllowed ? [] : [`imports ${target}, which ${room} may not`];
}

interface ImportOf {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

/** The files of the house that a file imports, types too. */
export function ownImportsOf({ path, text }: SourceFile): readonly string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  const own = importsOf(source).filter(({ specifier }) => specifier.startsWith('.'));
  return [...new Set(own.map(({ specifier }) => resolve(path, specifier)))];
}

function importsOf(source: ts.SourceFile): ImportOf[] {
  const found: ImportOf[] = [];
  visit(source, (node) => {
    const specifier = specifierOf(node);
    if (specifier !== null) found.push({ specifier, typeOnly: isTypeOnly(node) });
  });
  return found;
}

function specifierOf(node: ts.Node): string | null {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return textOf(node.moduleSpecifier);
  if (ts.isImportTypeNode(node))
    return ts.isLiteralTypeNode(node.argument) ? textOf(node.argument.literal) : null;
  const isDynamic = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
  return isDynamic ? textOf(node.arguments[0]) : null;
}

function isTypeOnly(node: ts.Node): boolean {
  if (ts.isImportTypeNode(node)) return true;
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  if (!ts.isImportDeclaration(node)) return false;
  const { importClause } = node;
  if (importClause === undefined) return false;
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const { name, namedBindings } = importClause;
  if (name !== undefined || namedBindings === undefined || !ts.isNamedImports(namedBindings)) return false;
  return namedBindings.elements.every((element) => element.isTypeOnly);
}

function checkNode(path: string, node: ts.Node): Violation[] {
  const found: Violation[] = [];
  if (node.kind === ts.SyntaxKind.AnyKeyword) found.push('uses the type any');
  if (ts.isEnumDeclaration(node)) found.push(`declares an enum, ${node.name.text}`);
  if (ts.isNonNullExpression(node)) found.push('asserts away null with !');
  if (isDefaultExport(node) && !isSanctionedDefault(path)) found.push('has a default export');
  if (path !== 'src/config.ts' && path.startsWith('src/') && readsEnvironment(node))
    found.push('reads process.env');
  if (isPrint(node) && path.startsWith('src/') && !startsWithAny(path, MAY_PRINT)) {
    found.push('prints by console.log');
  }
  if (path.startsWith('src/domain/') && isImpure(node)) found.push(`is not pure: ${node.getText()}`);
  return found;
}

function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportAssignment(node)) return true;
  if (ts.isExportSpecifier(node)) return node.name.text === 'default';
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)
  );
}

/** Jest wants its set-up, its teardown and an environment as default exports. */
function isSanctionedDefault(path: string): boolean {
  return path.startsWith('test/support/global-') || path === 'test/support/suites/suite-environment.ts';
}

function readsEnvironment(node: ts.Node): boolean {
  return ts.isPropertyAccessExpression(node) && node.getText() === 'process.env';
}

function isPrint(node: ts.Node): boolean {
  return ts.isPropertyAccessExpression(node) && node.getText() === 'console.log';
}

function isImpure(node: ts.Node): boolean {
  if (ts.isNewExpression(node))
    return node.expression.getText() === 'Date' && (node.arguments?.length ?? 0) === 0;
  if (ts.isPropertyAccessExpression(node)) return IMPURE_MEMBERS.test(node.getText());
  return ts.isCallExpression(node) && IMPURE_CALLS.test(node.expression.getText());
}

function resolve(path: string, specifier: string): string {
  return posix.join(posix.dirname(path), specifier);
}

function textOf(node: ts.Node | undefined): string | null {
  return node !== undefined && ts.isStringLiteral(node) ? node.text : null;
}

function startsWithAny(path: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => path.startsWith(prefix));
}

function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node);
  ts.forEachChild(node, (child) => visit(child, look));
}
