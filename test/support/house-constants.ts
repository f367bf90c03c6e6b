import ts from 'typescript';
import type { SourceFile, Violation } from './house-rules.ts';

interface NumericConstant {
  readonly path: string;
  readonly name: string;
  readonly value: string;
}

/** Names that stand for different numbers in different files: whoever knows one of them misreads the other. */
export function ambiguousConstants(files: readonly SourceFile[]): readonly Violation[] {
  const byName = new Map<string, NumericConstant[]>();
  for (const constant of files.flatMap(numericConstantsOf))
    byName.set(constant.name, [...(byName.get(constant.name) ?? []), constant]);
  return [...byName]
    .filter(([, constants]) => new Set(constants.map(({ value }) => value)).size > 1)
    .map(([name, constants]) => {
      const places = constants.map(({ path, value }) => `${value} in ${path}`);
      return `${name} is ${places.join(' and ')}`;
    });
}

function numericConstantsOf({ path, text }: SourceFile): readonly NumericConstant[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  return source.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => [...declarationList.declarations])
    .flatMap(({ name, initializer }) =>
      initializer !== undefined && ts.isIdentifier(name) && /^[A-Z]/.test(name.text) && isNumeric(initializer)
        ? [{ path, name: name.text, value: initializer.getText().replaceAll('_', '') }]
        : [],
    );
}

/** A number, or arithmetic of numbers. */
function isNumeric(node: ts.Expression): boolean {
  if (ts.isNumericLiteral(node)) return true;
  if (ts.isParenthesizedExpression(node)) return isNumeric(node.expression);
  return ts.isBinaryExpression(node) && isNumeric(node.left) && isNumeric(node.right);
}
