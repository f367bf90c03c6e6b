import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { API_KEY_SCOPES, SCOPE_MEANINGS } from '../../domain/api-key.ts';
import { PUBLIC_EXTENSION, SCOPE_EXTENSION, scopeOfMethod } from '../platform/access/caller.ts';
import { ERROR_MEANINGS, problemView } from '../platform/answers/document.ts';
import { toJsonSchema } from './to-json-schema.ts';
import { describeWebhooks } from './webhooks.ts';

const DESCRIPTION = `Posthorn delivers events to the HTTPS endpoints of customers, signed, at least once.

Every route under \`/v1\` takes JSON (\`application/json\`) and, unless it says otherwise, a key as \`Authorization: Bearer <key>\`.
A customer's key sees and touches only what belongs to that customer. Errors are problem+json (RFC 9457): \`code\` is for programs,
\`errors\` names every fault of the input with a JSON pointer, and \`request_id\` finds the line in the log. Lists answer newest
first with \`next_cursor\`; give it back as \`cursor\`, with the same filters, for the next page. Times are RFC 3339.

Each operation needs one scope of the key, named as \`x-scope\`:

${API_KEY_SCOPES.map((scope) => `- \`${scope}\`: ${SCOPE_MEANINGS[scope]}`).join('\n')}`;

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;

/** The OpenAPI 3.1 document of all routes, with the deliveries of built-in event types under `webhooks`. */
export function createDocument(app: NestFastifyApplication, version: string): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Posthorn')
    .setDescription(DESCRIPTION)
    .setVersion(version)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', description: "The operator's key or a customer's." },
      'key',
    )
    .addSecurityRequirements('key')
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    standardSchemaConverter: toJsonSchema,
    operationIdFactory: (controller, method) =>
      `${controller.replace(/Controller$/, '')}_${method}`.replaceAll(/\W+/g, '_').replace(/_$/, ''),
  });
  const problem = toJsonSchema(problemView, { schemaType: 'output' });
  document.components = { ...document.components };
  document.components.schemas = { ...document.components.schemas, ...(problem?.components as object) };
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = path[method];
      if (operation !== undefined) completeOperation(operation, method);
    }
  }
  return Object.assign(document, { webhooks: describeWebhooks() });
}

function completeOperation(operation: Operation, method: string): void {
  const extended = operation as Operation & Record<string, unknown>;
  const isPublic = extended[PUBLIC_EXTENSION] === true;
  delete extended[PUBLIC_EXTENSION];
  if (isPublic) {
    operation.security = [];
    return;
  }
  extended[SCOPE_EXTENSION] ??= scopeOfMethod(method);
  operation.responses['401'] = problemAnswer('The key is missing, unknown, revoked or expired.');
  operation.responses['403'] ??= problemAnswer(ERROR_MEANINGS[403] ?? 'Refused.');
  operation.responses['429'] ??= problemAnswer(
    'The quota of the key or of its customer is used up; go on after `Retry-After` seconds.',
  );
  operation.responses['503'] ??= problemAnswer(
    'Postgres is away or busy; repeat after `Retry-After` seconds.',
  );
}

function problemAnswer(description: string) {
  const schema = { $ref: '#/components/schemas/Problem' };
  return { description, content: { 'application/problem+json': { schema } } };
}
