import { parentPort } from 'node:worker_threads';
import type { ValidateFunction } from 'ajv';
import type { InputProblem } from '../../domain/errors.ts';
import { compileSchema, findProblems, findSchemaFault } from './json-schema.ts';

/** What a thread is asked: schemas and data as JSON texts. */
export type SchemaQuestion =
  | { readonly ask: 'fault'; readonly schemaText: string }
  | { readonly ask: 'problems'; readonly schemaText: string; readonly dataText: string };

/** Its answers, by question. */
export interface SchemaAnswers {
  readonly fault: string | null;
  readonly problems: readonly InputProblem[];
}

/** Those used last; a compiled schema takes some ten times its text. */
const MAX_COMPILED = 64;

const compiled = new Map<string, ValidateFunction>();

parentPort?.on('message', (question: SchemaQuestion) => parentPort?.postMessage(answer(question)));
// What compiles schemas is slow when it runs for the first time, which is nobody's fault.
compileSchema({ properties: { a: { pattern: '^a$' } } }, { allErrors: true })({ a: 'a' });
parentPort?.postMessage('ready');

function answer(question: SchemaQuestion): SchemaAnswers[SchemaQuestion['ask']] {
  if (question.ask === 'fault') return findSchemaFault(JSON.parse(question.schemaText));
  return findProblems(compiledFrom(question.schemaText), JSON.parse(question.dataText));
}

function compiledFrom(schemaText: string): ValidateFunction {
  const validate = compiled.get(schemaText) ?? compileSchema(JSON.parse(schemaText), { allErrors: true });
  compiled.delete(schemaText);
  compiled.set(schemaText, validate);
  const [oldest] = compiled.keys();
  if (compiled.size > MAX_COMPILED && oldest !== undefined) compiled.delete(oldest);
  return validate;
}
