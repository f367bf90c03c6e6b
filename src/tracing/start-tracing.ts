import { DiagLogLevel, diag } from '@opentelemetry/api';
import type { Logger } from '../logger.ts';
import type { Tracing } from '../settings/tracing.ts';
import { traceWith } from './spans.ts';

/** What a process says of itself to the collector. */
export interface TracedProcess {
  readonly roles: readonly ('api' | 'worker')[];
  readonly version: string;
  readonly logger: Logger;
}

/**
 * Begins to send spans to the collector that OpenTelemetry's own variables name. The SDK is loaded here and nowhere
 * else, so that who traces nothing has nothing of it. The returned function sends what is left and ends it.
 */
export async function startTracing(
  { ratio, followsParent, serviceName }: Tracing,
  { roles, version, logger }: TracedProcess,
): Promise<() => Promise<void>> {
  const [sdk, { OTLPTraceExporter }, resources] = await Promise.all([
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-proto'),
    import('@opentelemetry/resources'),
  ]);
  const warn = (message: string): void => logger.warn({ reason: message }, 'spans cannot be sent');
  diag.setLogger(
    { error: warn, warn, info: () => {}, debug: () => {}, verbose: () => {} },
    DiagLogLevel.WARN,
  );
  const root = new sdk.TraceIdRatioBasedSampler(ratio);
  const provider = new sdk.TracerProvider({
    sampler: followsParent ? new sdk.ParentBasedSampler({ root }) : root,
    resource: resources.defaultResource().merge(
      resources.detectResources({ detectors: [resources.envDetector] }).merge(
        resources.resourceFromAttributes({
          'service.name': serviceName ?? ['posthorn', ...(roles.length === 1 ? roles : [])].join('-'),
          'service.version': version,
        }),
      ),
    ),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
  });
  traceWith(provider.getTracer('posthorn', version));
  return async () => {
    traceWith(null);
    await provider.shutdown().catch((error: unknown) => warn(String(error)));
    diag.disable();
  };
}
