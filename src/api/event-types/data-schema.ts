import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formatsPlugin from 'ajv-formats';
import type { InputProblem } from '../../domain/errors.ts';
import type { EventType } from '../../domain/event-type.ts';

/** A body as large as an event can break a schema in very many places; the first ones are enough to see why. */
const MAX_PROBLEMS = 100;

const compiled = new WeakMap<EventType, ValidateFunction>();

/** Every way in which `data` breaks the JSON Schema of its type; pointers begin below `data`. Compiled once a type. */
export function findSchemaProblems(type: EventType, data: object): readonly InputProblem[] {
  if (type.schema === null) return [];
  let validate = compiled.get(type);
  if (validate === undefined) {
    validate = compile(type.schema);
    compiled.set(type, validate);
  }
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
export function findSchemaFault(schema: Readonly<Record<string, unknown>>): string | null {
  if (JSON.stringify(schema).includes('"$async"')) return 'Asynchronous schemas are not supported.';
  try {
    // Evaluated once, too: a reference in a circle, or a dynamic one to nowhere, compiles.
    compile(schema)({});
    return null;
  } catch (error) {
    return `This is no valid JSON Schema (draft 2020-12): ${messageOf(error)}.`;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function compile(schema: Readonly<Record<string, unknown>>): ValidateFunction {
  // One instance a schema, so that two types may use the same $id.
  const ajv = new Ajv2020({
    allErrors: true,
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    logger: false,
  });
  formatsPlugin.default(ajv);
  return ajv.compile(schema);
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
