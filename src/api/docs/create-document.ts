import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { API_KEY_SCOPES, SCOPE_MEANINGS } from '../../domain/api-key.ts';
import { problemView } from '../platform/answers/document.ts';
import { HEADER_COMPONENTS } from '../platform/answers/response-headers.ts';
import { completeOperation, sharedProblems } from './complete-operation.ts';
import { toJsonSchema } from './to-json-schema.ts';
import { describeWebhooks } from './webhooks.ts';

const DESCRIPTION = `Posthorn delivers events to the HTTPS endpoints of customers, signed, at least once.

Every route under \`/v1\` takes JSON (\`application/json\`) and, unless it says otherwise, a key \
as \`Authorization: Bearer <key>\`.
A customer's key sees and touches only what belongs to that customer. Errors are problem+json (RFC 9457): \`code\` is \
for programs,
\`errors\` names every fault of the input with its place, and \`request_id\` finds the line in the log. Lists answer \
newest
first with \`next_cursor\`; give it back as \`cursor\`, with the same filters, for the next page. Times are RFC 3339.

Each operation needs one scope of the key, named by its security requirement and as \`x-scope\`:

${API_KEY_SCOPES.map((scope) => `- \`${scope}\`: ${SCOPE_MEANINGS[scope]}`).join('\n')}`;

type Components = NonNullable<OpenAPIObject['components']>;
const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;

/** The OpenAPI 3.1 document of all routes, with the deliveries of built-in event types under `webhooks`. */
export function createDocument(app: NestFastifyApplication, version: string): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Posthorn')
    .setDescription(DESCRIPTION)
    .setVersion(version)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/', 'The instance that serves this document.')
    .addServer('http://127.0.0.1:3400', 'Where npm start listens.')
    .addSecurity('key', {
      type: 'http',
      scheme: 'bearer',
      description: "The operator's key or a customer's, as `Authorization: Bearer <key>`.",
    })
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    standardSchemaConverter: toJsonSchema,
  });
  document.components = { ...document.components };
  document.components.schemas = { ...document.components.schemas, ...problemSchemas() };
  document.components.responses = sharedProblems() as Components['responses'] & object;
  document.components.headers = { ...HEADER_COMPONENTS } as Components['headers'] & object;
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = path[method];
      if (operation !== undefined) completeOperation(operation, method);
    }
  }
  return finish(Object.assign(document, { webhooks: describeWebhooks() }));
}

/** Says of free objects that they are, and writes examples as JSON Schema has them: Nest writes those of 3.0. */
function finish<T>(document: T): T {
  const text = JSON.stringify(document, (name, value: unknown) =>
    name === 'examples' ? value : withExamples(opened(value)),
  );
  return JSON.parse(text);
}

/**
 * An object of which nothing is known may have any members; generators take it for an empty one unless that is said.
 */
function opened(value: unknown): unknown {
  return isFreeObject(value) ? { ...value, additionalProperties: true } : value;
}

function withExamples(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('example' in value)) return value;
  const { example, ...rest } = value;
  return { ...rest, examples: [example] };
}

function isFreeObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || !('type' in value)) return false;
  const isObject = [value.type].flat().includes('object');
  return isObject && !('properties' in value) && !('additionalProperties' in value);
}

/** Nest puts in what routes declare; problems stand in every operation and are declared by none. */
function problemSchemas(): object {
  const made = toJsonSchema(problemView, { schemaType: 'output' })?.components ?? {};
  return JSON.parse(JSON.stringify(made).replaceAll('#/$defs/', '#/components/schemas/'));
}
