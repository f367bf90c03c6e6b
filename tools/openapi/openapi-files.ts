import { describeApi } from './describe-api.ts';
import { toOpenApi30 } from './to-openapi-30.ts';

/** The documents that clients are generated from, by file name below `clients/`: what `npm run openapi` writes. */
export async function openApiFiles(): Promise<ReadonlyMap<string, string>> {
  const document = await describeApi();
  return new Map([
    ['openapi.json', asText(document)],
    ['openapi-3.0.json', asText(toOpenApi30(document))],
  ]);
}

function asText(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
