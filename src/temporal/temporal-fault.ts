/** Why Temporal cannot be used, as far as who runs Posthorn can act on it. */
export type TemporalFaultCode =
  | 'temporal_unreachable'
  | 'temporal_certificate_refused'
  | 'temporal_unauthenticated'
  | 'temporal_forbidden'
  | 'temporal_namespace_unknown'
  | 'temporal_not_prepared'
  | 'temporal_failed';

/** What is known of a call that failed: a code, and the cause in one line. */
export interface TemporalFault {
  readonly code: TemporalFaultCode;
  readonly reason: string;
}

const INVALID_ARGUMENT = 3;
const DEADLINE_EXCEEDED = 4;
const NOT_FOUND = 5;
const PERMISSION_DENIED = 7;
const UNIMPLEMENTED = 12;
const UNAVAILABLE = 14;
const UNAUTHENTICATED = 16;

const OF_TLS = /certificate|self.signed|SSL|TLS|handshake|altname|socket hang up|UNABLE_TO/i;

/** Reads an error of Temporal's client, or of the SDK's core, which carries its gRPC status in its text. */
export function temporalFaultOf(error: unknown): TemporalFault {
  const status = statusOf(error);
  const reason = oneLine(deepestMessage(error));
  return { code: codeOf(status, reason), reason };
}

/** Whether a call was refused for want of rights, or since the server offers no such call to us. */
export function isRefused(error: unknown): boolean {
  return [PERMISSION_DENIED, UNIMPLEMENTED, UNAUTHENTICATED].includes(statusOf(error) ?? -1);
}

function codeOf(status: number | null, reason: string): TemporalFaultCode {
  if (status === UNAUTHENTICATED) return 'temporal_unauthenticated';
  if (status === PERMISSION_DENIED) return 'temporal_forbidden';
  if (status === NOT_FOUND && /namespace/i.test(reason)) return 'temporal_namespace_unknown';
  if (status === INVALID_ARGUMENT && /search attribute/i.test(reason)) return 'temporal_not_prepared';
  const isAway = status === UNAVAILABLE || status === DEADLINE_EXCEEDED;
  if ((isAway || status === null) && OF_TLS.test(reason)) return 'temporal_certificate_refused';
  return isAway || status === null ? 'temporal_unreachable' : 'temporal_failed';
}

/** The one behind whatever wraps it; an error in turn may say its gRPC status as a number. */
function* chainOf(error: unknown): Generator<Error> {
  for (let at = error; at instanceof Error || isLikeError(at); at = at.cause) yield at as Error;
}

function isLikeError(value: unknown): value is Error {
  return typeof value === 'object' && value !== null && 'message' in value;
}

function statusOf(error: unknown): number | null {
  for (const part of chainOf(error)) if ('code' in part && typeof part.code === 'number') return part.code;
  return null;
}

function deepestMessage(error: unknown): string {
  const parts = [...chainOf(error)];
  const last = parts.at(-1);
  if (last === undefined) return String(error);
  return 'details' in last && typeof last.details === 'string' && last.details !== ''
    ? last.details
    : last.message;
}

/** gRPC says how it waited in several sentences; the cause stands in the last of them. */
function oneLine(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ').trim();
  const cause = /Last error: (?:Error: )?(.+?)(?:\. Resolution note:.*)?$/.exec(flat)?.[1];
  const [, waited] = /^(Deadline exceeded) after [\d.]+s/.exec(flat) ?? [];
  return (cause ?? (waited === undefined ? flat : 'no answer in time')).slice(0, 300);
}
