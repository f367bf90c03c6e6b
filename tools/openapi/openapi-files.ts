import openapiTS, { astToString } from 'openapi-typescript';
import { describeApi } from './describe-api.ts';
import { toOpenApi30 } from './to-openapi-30.ts';

const BANNER =
  '/** Types of the API, made by `npm run openapi` from clients/openapi.json: not to be edited. */\n';

/**
 * What `npm run openapi` writes, by file name below `clients/`: the documents that clients are generated from, and the
 * types of TypeScript.
 */
export async function openApiFiles(): Promise<ReadonlyMap<string, string>> {
  const document = await describeApi();
  const types = await openapiTS(asText(document), { alphabetize: true });
  return new Map([
    ['openapi.json', asText(document)],
    ['openapi-3.0.json', asText(toOpenApi30(document))],
    ['typescript/schema.ts', BANNER + astToString(types)],
  ]);
}

function asText(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
