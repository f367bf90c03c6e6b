import { createConfig, lintFromString } from '@redocly/openapi-core';

/** What `redocly lint` finds in an OpenAPI document by its recommended rules, warnings included; one line a finding. */
export async function lintDocument(text: string, name: string): Promise<readonly string[]> {
  const config = await createConfig({
    extends: ['recommended'],
    // Probes and the end of a session refuse nobody.
    rules: { 'operation-4xx-response': 'off' },
  });
  const findings = await lintFromString({ source: text, absoluteRef: name, config });
  return findings.map(
    ({ ruleId, message, location }) => `${name}${location[0]?.pointer ?? ''}: ${message} (${ruleId})`,
  );
}
