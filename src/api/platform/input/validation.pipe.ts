import {
  type ArgumentMetadata,
  Injectable,
  type PipeTransform,
  StandardSchemaValidationPipe,
} from '@nestjs/common';
import { invalidInput } from '../answers/problem.ts';
import { JsonBody } from '../http/json-body.ts';
import { toInputProblems, toParameterProblems } from './input-problems.ts';
import { emptyBody } from './strict-json.ts';

/**
 * Reads and checks every `@Body({ schema })` and `@Query({ schema })`.
 * @throws Problem 400 or 422 with every fault at once
 */
@Injectable()
export class ValidationPipe extends StandardSchemaValidationPipe implements PipeTransform {
  override async transform<T = unknown>(value: T, metadata: ArgumentMetadata): Promise<T> {
    const { schema, type } = metadata;
    if (type === 'body' && schema !== undefined && value === undefined) throw emptyBody();
    const input: unknown = value instanceof JsonBody ? value.parse() : value;
    if (schema === undefined || !this.toValidate(metadata)) return input as T;
    const result = await schema['~standard'].validate(input);
    if (result.issues !== undefined) {
      const describe = type === 'query' ? toParameterProblems : toInputProblems;
      throw invalidInput(describe(result.issues, input));
    }
    return result.value as T;
  }
}
