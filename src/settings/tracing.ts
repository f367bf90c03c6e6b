import { ConfigError } from './config-error.ts';
import type { GivenSettings } from './given-settings.ts';

/** Which spans are sent to a collector; where to, and as what, the exporter reads from its own variables. */
export interface Tracing {
  /** The part of traces that begin here which is sent, from 0 to 1. */
  readonly ratio: number;
  /** Whether a trace that a producer began is sent where they send it. */
  readonly followsParent: boolean;
  /** Null is ours, by role. */
  readonly serviceName: string | null;
}

const SAMPLERS: Readonly<Record<string, Pick<Tracing, 'followsParent'> & { readonly ratio: number | null }>> =
  {
    always_on: { ratio: 1, followsParent: false },
    always_off: { ratio: 0, followsParent: false },
    traceidratio: { ratio: null, followsParent: false },
    parentbased_always_on: { ratio: 1, followsParent: true },
    parentbased_always_off: { ratio: 0, followsParent: true },
    parentbased_traceidratio: { ratio: null, followsParent: true },
  };
const USUAL_SAMPLER = 'parentbased_always_on';
const USUAL_PROTOCOL = 'http/protobuf';

/**
 * Reads OpenTelemetry's own variables. Nothing is traced, null, unless a collector is named.
 * @throws ConfigError where they ask for what is not there
 */
export function readTracing(given: GivenSettings): Tracing | null {
  const collector = given.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? given.OTEL_EXPORTER_OTLP_ENDPOINT;
  const isOff = given.OTEL_SDK_DISABLED?.toLowerCase() === 'true' || given.OTEL_TRACES_EXPORTER === 'none';
  if (collector === undefined || isOff) return null;
  requireKnown('OTEL_TRACES_EXPORTER', given.OTEL_TRACES_EXPORTER ?? 'otlp', ['otlp', 'none']);
  const [protocolName, protocol] = protocolOf(given);
  requireKnown(protocolName, protocol, [USUAL_PROTOCOL]);
  const samplerName = given.OTEL_TRACES_SAMPLER ?? USUAL_SAMPLER;
  requireKnown('OTEL_TRACES_SAMPLER', samplerName, Object.keys(SAMPLERS));
  const { ratio = 1, followsParent = true } = SAMPLERS[samplerName] ?? {};
  return {
    ratio: ratio ?? ratioOf(given.OTEL_TRACES_SAMPLER_ARG),
    followsParent,
    serviceName: given.OTEL_SERVICE_NAME ?? null,
  };
}

function protocolOf(given: GivenSettings): readonly [name: string, value: string] {
  const own = given.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL;
  return own === undefined
    ? ['OTEL_EXPORTER_OTLP_PROTOCOL', given.OTEL_EXPORTER_OTLP_PROTOCOL ?? USUAL_PROTOCOL]
    : ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', own];
}

function requireKnown(name: string, value: string, known: readonly string[]): void {
  if (!known.includes(value))
    throw new ConfigError(`${name}=${JSON.stringify(value)}: must be ${known.join(' or ')}`);
}

function ratioOf(text = '1'): number {
  const ratio = Number(text);
  if (text.trim() !== '' && ratio >= 0 && ratio <= 1) return ratio;
  throw new ConfigError(`OTEL_TRACES_SAMPLER_ARG=${JSON.stringify(text)}: must be a number from 0 to 1`);
}
