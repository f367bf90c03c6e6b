import type { InputProblem } from '../../../domain/errors.ts';
import { isProblemCode, type ProblemCode } from '../../../domain/problems/problem-code.ts';
import { MAX_PROBLEMS, type ParameterProblem } from '../answers/problem.ts';
import { toPointer } from './json-pointer.ts';
import { quote } from './quote.ts';

/** Where what is said of members does not fit parameters. */
const PARAMETER_MESSAGES: Readonly<Partial<Record<ProblemCode, string>>> = {
  required: 'This parameter is required.',
  unknown_member: 'This parameter is unknown.',
};

/** An issue of Standard Schema, with what zod adds to it. */
interface Issue {
  readonly message: string;
  readonly path?: readonly PathSegment[] | undefined;
  readonly code?: string | undefined;
  readonly keys?: readonly string[] | undefined;
  readonly params?: { readonly code?: unknown } | undefined;
  readonly errors?: readonly (readonly Issue[])[] | undefined;
}

/** Turns the first issues of a schema into problems with pointers and stable codes; `input` is what was checked. */
export function toInputProblems(issues: readonly Issue[], input: unknown): readonly InputProblem[] {
  return issues
    .slice(0, MAX_PROBLEMS)
    .filter((issue, index, all) => !isOfWrongType(issue, all[index - 1]))
    .flatMap((issue) => describe(issue, input, []));
}

/** Whether an issue is about a value of which was said before that it has the wrong type: zod measures texts as lists. */
function isOfWrongType({ path = [] }: Issue, before: Issue | undefined): boolean {
  if (before?.code !== 'invalid_type' || before.path?.length !== path.length) return false;
  return path.every((segment, index) => toKey(segment) === toKey(before.path?.[index] ?? ''));
}

/** The same for a query, whose members are parameters. */
export function toParameterProblems(issues: readonly Issue[], query: unknown): readonly ParameterProblem[] {
  return toInputProblems(issues, query).map(asParameter);
}

function asParameter({ pointer, code, message }: InputProblem): ParameterProblem {
  const [, name = ''] = pointer.split('/');
  const parameter = name.replaceAll('~1', '/').replaceAll('~0', '~');
  return { parameter, code, message: PARAMETER_MESSAGES[code] ?? message };
}

function describe(issue: Issue, input: unknown, parents: readonly PropertyKey[]): InputProblem[] {
  const path = [...parents, ...(issue.path ?? []).map(toKey)];
  if (issue.code === 'unrecognized_keys') {
    return (issue.keys ?? []).slice(0, MAX_PROBLEMS).map((key) => ({
      pointer: toPointer([...path, key]),
      code: 'unknown_member',
      message: `Unknown member ${quote(key)}.`,
    }));
  }
  const branch = issue.code === 'invalid_union' ? nearestBranch(issue.errors ?? []) : undefined;
  if (branch !== undefined) return branch.flatMap((inner) => describe(inner, input, path));
  if (valueAt(input, path) === undefined) {
    return [{ pointer: toPointer(path), code: 'required', message: 'This member is required.' }];
  }
  return [{ pointer: toPointer(path), code: codeOf(issue), message: issue.message }];
}

/** The alternative whose faults lie deepest is the one that was meant. */
function nearestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const depth = (issues: readonly Issue[]) =>
    issues.reduce((most, issue) => Math.max(most, issue.path?.length ?? 0), Number.NEGATIVE_INFINITY);
  const deepest = [...branches].sort((one, other) => depth(other) - depth(one))[0];
  return deepest !== undefined && depth(deepest) > 0 ? deepest : undefined;
}

/** Our own codes stand in `params`; those of zod are ours too, but for the ones that say nothing. */
function codeOf(issue: Issue): ProblemCode {
  const code = String(issue.params?.code ?? issue.code);
  if (code === 'invalid_union') return 'invalid_type';
  return isProblemCode(code) ? code : 'invalid_value';
}

type PathSegment = PropertyKey | { readonly key: PropertyKey };

function toKey(segment: PathSegment): PropertyKey {
  return typeof segment === 'object' ? segment.key : segment;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}
