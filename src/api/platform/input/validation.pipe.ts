import {
  type ArgumentMetadata,
  Injectable,
  type PipeTransform,
  StandardSchemaValidationPipe,
} from '@nestjs/common';
import { invalidInput } from '../answers/problem.ts';
import { IncomingBody } from '../http/incoming-body.ts';
import { JsonBody } from '../http/json-body.ts';
import { toInputProblems, toParameterProblems } from './input-problems.ts';
import { emptyBody } from './strict-json.ts';

/**
 * Reads every `@Body()`, now that the guard knows the caller, and checks every `@Body({ schema })` and
 * `@Query({ schema })`.
 * @throws Problem 400, 413 or 422 with every fault at once; 429 or 503 where too many bodies are under way
 */
@Injectable()
export class ValidationPipe extends StandardSchemaValidationPipe implements PipeTransform {
  override async transform<T = unknown>(value: T, metadata: ArgumentMetadata): Promise<T> {
    const { schema, type } = metadata;
    if (type === 'body' && schema !== undefined && value === undefined) throw emptyBody();
    const input = await read(value);
    if (schema === undefined || !this.toValidate(metadata)) return input as T;
    const result = await schema['~standard'].validate(input);
    if (result.issues !== undefined) {
      const describe = type === 'query' ? toParameterProblems : toInputProblems;
      throw invalidInput(describe(result.issues, input));
    }
    return result.value as T;
  }
}

async function read(value: unknown): Promise<unknown> {
  if (value instanceof JsonBody) return await value.value();
  return value instanceof IncomingBody ? await value.bytes() : value;
}
