import {
  type Context,
  type Link,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';

/** An accepting request, or an attempt, while it goes on. */
export interface TracedWork {
  /** Of the work's own span; what follows from it names this. */
  readonly traceParent: string;
  /** Times a part of the work. */
  readonly part: (name: string) => { readonly end: () => void };
  /** To be called once, with what came of it. */
  readonly end: (end: WorkEnd) => void;
}

/** What came of it: the status that was answered, and a code of ours where it failed. */
export interface WorkEnd {
  readonly statusCode: number | null;
  readonly errorCode: string | null;
}

/** A request that publishes. */
export interface AcceptedRequest {
  readonly route: string;
  /** What the producer sent along, read already. */
  readonly traceParent: string | null;
}

/** A request to a receiver, with one delivery or all of a batch. */
export interface TracedAttempt {
  readonly url: string;
  /** From 1. */
  readonly attempt: number;
  readonly trigger: string;
  readonly event: string;
  readonly deliveryId: string;
  readonly endpointId: string;
  readonly customerId: string | null;
  /** Those of the events that go out with it. */
  readonly traceParents: readonly string[];
}

const SAMPLED = 1;
/** A batch of a thousand events need not name a thousand traces. */
const MAX_LINKS = 128;

let tracer: Tracer | null = null;

/** Has spans begun by this tracer from now on; by none, which costs nothing, where null. */
export function traceWith(given: Tracer | null): void {
  tracer = given;
}

/** Begins the span of a request that publishes, in the trace of its producer; null where nothing is traced. */
export function beginAccept({ route, traceParent }: AcceptedRequest): TracedWork | null {
  if (tracer === null) return null;
  const parent = traceParent === null ? ROOT_CONTEXT : contextOf(traceParent);
  const attributes = { 'http.request.method': 'POST', 'http.route': route };
  return work(
    tracer.startSpan(`POST ${route}`, { kind: SpanKind.SERVER, attributes }, parent),
    (code) => code >= 500,
  );
}

/**
 * Begins the span of an attempt, in a trace of its own that links to those of the events: it may be made days after
 * they were published. Null where nothing is traced, and nothing is described then.
 */
export function beginAttempt(describe: () => TracedAttempt): TracedWork | null {
  if (tracer === null) return null;
  const attempt = describe();
  const links = attempt.traceParents
    .slice(0, MAX_LINKS)
    .map((text): Link => ({ context: spanContextOf(text) }));
  const options = { kind: SpanKind.CLIENT, attributes: attributesOf(attempt), links };
  return work(tracer.startSpan('POST', options, ROOT_CONTEXT), (code) => code >= 400);
}

/** Its path and query may hold a secret of the receiver's, so only the host is named. */
function attributesOf(attempt: TracedAttempt): Record<string, string | number> {
  const { hostname, port, protocol } = new URL(attempt.url);
  const usual = protocol === 'https:' ? 443 : 80;
  return {
    'http.request.method': 'POST',
    'server.address': hostname,
    'server.port': port === '' ? usual : Number(port),
    'url.scheme': protocol.slice(0, -1),
    'posthorn.delivery.id': attempt.deliveryId,
    'posthorn.endpoint.id': attempt.endpointId,
    'posthorn.event': attempt.event,
    'posthorn.trigger': attempt.trigger,
    ...(attempt.customerId !== null && { 'posthorn.customer.id': attempt.customerId }),
    ...(attempt.attempt > 1 && { 'http.request.resend_count': attempt.attempt - 1 }),
  };
}

function work(span: Span, isFault: (statusCode: number) => boolean): TracedWork {
  const own = trace.setSpan(ROOT_CONTEXT, span);
  const by = tracer;
  return {
    traceParent: textOf(span.spanContext()),
    part: (name) => {
      const part = by?.startSpan(name, {}, own);
      return { end: () => part?.end() };
    },
    end: ({ statusCode, errorCode }) => {
      if (statusCode !== null) span.setAttribute('http.response.status_code', statusCode);
      const isFailed = errorCode !== null && (statusCode === null || isFault(statusCode));
      if (errorCode !== null) span.setAttribute('error.type', errorCode);
      if (isFailed) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}

function contextOf(traceParent: string): Context {
  return trace.setSpanContext(ROOT_CONTEXT, spanContextOf(traceParent));
}

function spanContextOf(traceParent: string): SpanContext {
  const [, traceId = '', spanId = '', flags = '00'] = traceParent.split('-');
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & SAMPLED, isRemote: true };
}

function textOf({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${(traceFlags & SAMPLED).toString(16).padStart(2, '0')}`;
}
