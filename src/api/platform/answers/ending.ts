/** When a route was said to go, and when it goes; days as `2027-01-31`, both at midnight UTC. */
export interface Ending {
  readonly deprecatedOn: string;
  readonly goneOn: string;
}

const SECOND_MS = 1_000;

/** The headers of answers that tell it (RFC 9745, RFC 8594); none where nothing ends. */
export function endingHeaders(ending: Ending | undefined): Readonly<Record<string, string>> {
  if (ending === undefined) return {};
  return {
    Deprecation: `@${Date.parse(ending.deprecatedOn) / SECOND_MS}`,
    Sunset: new Date(ending.goneOn).toUTCString(),
  };
}

/** The same headers for the OpenAPI document. */
export function endingDescriptions(ending: Ending | undefined): object {
  if (ending === undefined) return {};
  const schema = { type: 'string' };
  return {
    Deprecation: { description: `Since ${ending.deprecatedOn}, in seconds since 1970 (RFC 9745).`, schema },
    Sunset: { description: `The route is gone on ${ending.goneOn} (RFC 8594).`, schema },
  };
}
