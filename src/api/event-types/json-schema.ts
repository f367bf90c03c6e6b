import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formatsPlugin from 'ajv-formats';
import type { InputProblem } from '../../domain/errors.ts';

/** A body as large as an event can break a schema in very many places; the first ones are enough to see why. */
const MAX_PROBLEMS = 100;

export type JsonSchema = Readonly<Record<string, unknown>>;

/** A JSON Schema (draft 2020-12) as a function. @throws where it is no valid one */
export function compileSchema(
  schema: JsonSchema,
  { allErrors }: { readonly allErrors: boolean },
): ValidateFunction {
  // One instance a schema, so that two types may use the same $id.
  const ajv = new Ajv2020({
    allErrors,
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    logger: false,
  });
  formatsPlugin.default(ajv);
  return ajv.compile(schema);
}

/** Every way in which `data` breaks a schema that was compiled so that it names all; pointers begin below `data`. */
export function findProblems(validate: ValidateFunction, data: unknown): readonly InputProblem[] {
  try {
    if (validate(data)) return [];
  } catch (error) {
    // It led in a circle or nowhere, which shows on some data only.
    const message = `The schema of the event type cannot be evaluated: ${messageOf(error)}.`;
    return [{ pointer: '', code: 'schema_unusable', message }];
  }
  return (validate.errors ?? []).slice(0, MAX_PROBLEMS).map(toProblem);
}

/** Why a JSON Schema (draft 2020-12) cannot be used; null where it can. */
export function findSchemaFault(schema: JsonSchema): string | null {
  if (JSON.stringify(schema).includes('"$async"')) return 'Asynchronous schemas are not supported.';
  try {
    // Evaluated once, too: a reference in a circle, or a dynamic one to nowhere, compiles.
    compileSchema(schema, { allErrors: true })({});
    return null;
  } catch (error) {
    return `This is no valid JSON Schema (draft 2020-12): ${messageOf(error)}.`;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function toProblem(error: ErrorObject): InputProblem {
  const { missingProperty, additionalProperty } = error.params as Record<string, unknown>;
  const member = missingProperty ?? additionalProperty;
  const last = typeof member === 'string' ? `/${member.replaceAll('~', '~0').replaceAll('/', '~1')}` : '';
  return {
    pointer: error.instancePath + last,
    code: `schema_${error.keyword.replaceAll(' ', '')}`,
    message: `The schema of the event type says: ${error.message ?? 'not valid'}.`,
  };
}
