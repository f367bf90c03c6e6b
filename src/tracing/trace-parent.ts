/** The form of version 00, with which later versions begin (W3C Trace Context, 3.2 and 3.4). */
const TRACE_PARENT =
  /^(?:00(?=.{53}$)|(?!00|ff)[0-9a-f]{2})-((?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2})(?:-.*)?$/;
const LONGEST = 512;

/**
 * A header `traceparent` as it is kept, in the form of version 00; null where it is none, as the specification has it
 * ignored.
 */
export function readTraceParent(text: unknown): string | null {
  if (typeof text !== 'string' || text.length > LONGEST) return null;
  const [, ids] = TRACE_PARENT.exec(text) ?? [];
  return ids === undefined ? null : `00-${ids}`;
}

/** The 32 hexadecimal digits by which a trace is found. */
export function traceIdOf(traceParent: string): string {
  return traceParent.slice('00-'.length, '00-'.length + 32);
}

/** As log lines name it: nothing where there is no trace. */
export function loggedTrace(traceParent: string | null): { readonly trace_id?: string } {
  return traceParent === null ? {} : { trace_id: traceIdOf(traceParent) };
}
