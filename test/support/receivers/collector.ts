import protobuf from 'protobufjs';
import { type Receiver, startReceiver } from './receiver.ts';

/** What is looked at of OpenTelemetry's protocol (opentelemetry-proto, trace/v1). */
const PROTOCOL = `
syntax = "proto3";
message AnyValue {
  oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; }
}
message KeyValue { string key = 1; AnyValue value = 2; }
message Link { bytes trace_id = 1; bytes span_id = 2; }
message Status { string message = 2; int32 code = 3; }
message Span {
  bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
  repeated KeyValue attributes = 9; repeated Link links = 13; Status status = 15;
}
message Resource { repeated KeyValue attributes = 1; }
message ScopeSpans { repeated Span spans = 2; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
message Export { repeated ResourceSpans resource_spans = 1; }`;

type Value = Readonly<Record<string, string | number | boolean>>;
interface Attributes {
  readonly attributes?: readonly { readonly key: string; readonly value: Value }[];
}
interface RawSpan extends Attributes {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status?: { readonly code?: number };
}
interface Export {
  readonly resourceSpans?: readonly {
    readonly resource: Attributes;
    readonly scopeSpans?: readonly { readonly spans?: readonly RawSpan[] }[];
  }[];
}

/** A span as a collector gets it; ids in hexadecimal. */
export interface CollectedSpan {
  readonly service: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly links: readonly string[];
  readonly isFailed: boolean;
  readonly attributes: Readonly<Record<string, unknown>>;
}

const exportType = protobuf.parse(PROTOCOL).root.lookupType('Export');
const FAILED = 2;

/** A collector of traces over HTTP, and what it got. */
export async function startCollector(): Promise<{
  readonly receiver: Receiver;
  spans(): readonly CollectedSpan[];
}> {
  const receiver = await startReceiver(() => ({ status: 200 }));
  const spans = (): readonly CollectedSpan[] =>
    receiver.requests.filter(({ path }) => path === '/v1/traces').flatMap(({ body }) => spansIn(body));
  return { receiver, spans };
}

function spansIn(body: Buffer): readonly CollectedSpan[] {
  const read: Export = exportType.toObject(exportType.decode(body), { bytes: String, longs: Number });
  return (read.resourceSpans ?? []).flatMap(({ resource, scopeSpans = [] }) =>
    scopeSpans.flatMap(({ spans = [] }) => spans.map((span) => collected(span, resource))),
  );
}

function collected(span: RawSpan, resource: Attributes): CollectedSpan {
  return {
    service: String(valuesOf(resource)['service.name']),
    name: span.name,
    traceId: hex(span.traceId),
    spanId: hex(span.spanId),
    parentSpanId: span.parentSpanId === undefined || span.parentSpanId === '' ? null : hex(span.parentSpanId),
    links: (span.links ?? []).map(({ traceId, spanId }) => `${hex(traceId)}-${hex(spanId)}`),
    isFailed: span.status?.code === FAILED,
    attributes: valuesOf(span),
  };
}

function valuesOf({ attributes = [] }: Attributes): Readonly<Record<string, unknown>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

function hex(base64: string): string {
  return Buffer.from(base64, 'base64').toString('hex');
}
