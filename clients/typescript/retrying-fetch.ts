import { errorOf, PosthornUnreachable, retryAfterOf } from './problem.ts';

/** How requests are repeated. */
export interface RetryOptions {
  /** Repetitions after the first try; 5 unless said otherwise. */
  readonly maxRetries?: number | undefined;
  /** How long one try may take; 30,000 unless said otherwise. */
  readonly timeoutMs?: number | undefined;
  /** The longest wait between two tries, also where `Retry-After` asks for more; 30,000 unless said otherwise. */
  readonly maxDelayMs?: number | undefined;
  /** Sends one request; the runtime's own unless another is given. */
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined;
}

/** Sends a request and throws where it does not succeed. @throws PosthornProblem, PosthornUnreachable */
export type CheckedFetch = (request: Request) => Promise<Response>;

const FIRST_DELAY_MS = 200;
const PASSING = [408, 425, 429, 500, 502, 503, 504];
const TOO_MANY_REQUESTS = 429;
const CONFLICT = 409;

/** Whether whoever answers this status may answer differently in a moment: it says nothing about the request itself. */
export function isPassingStatus(status: number): boolean {
  return PASSING.includes(status);
}

/**
 * Repeats what may be repeated: reads, PUT, requests with an `Idempotency-Key`, and with `always` all others; what was
 * refused for the rate alone was not carried out and is repeated in any case.
 */
export function createRetryingFetch(
  options: RetryOptions,
  { always }: { readonly always: boolean },
): CheckedFetch {
  const {
    maxRetries = 5,
    timeoutMs = 30_000,
    maxDelayMs = 30_000,
    fetch: send = (one) => fetch(one),
  } = options;
  return async (request) => {
    const isRepeatable = always || mayBeRepeated(request);
    for (let tries = 0; ; tries += 1) {
      const outcome = await tryOnce(request.clone(), { send, timeoutMs });
      if (outcome instanceof Response && outcome.ok) return outcome;
      request.signal.throwIfAborted();
      if (tries >= maxRetries || !(await isPassing(outcome, isRepeatable))) throw await faultOf(outcome);
      await pause(delayBefore(tries, { outcome, maxDelayMs }), request.signal);
    }
  };
}

async function faultOf(outcome: Response | Error): Promise<Error> {
  return outcome instanceof Response ? await errorOf(outcome) : outcome;
}

async function tryOnce(
  request: Request,
  { send, timeoutMs }: { readonly send: CheckedFetch; readonly timeoutMs: number },
): Promise<Response | PosthornUnreachable> {
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)]);
  try {
    const response = await send(new Request(request, { signal }));
    // Read to its end here, so that an answer that breaks off counts as none.
    const body = await response.arrayBuffer();
    const { status, statusText, headers } = response;
    const whole = new Response(body.byteLength === 0 ? null : body, { status, statusText, headers });
    Object.defineProperty(whole, 'url', { value: request.url });
    return whole;
  } catch (cause) {
    return new PosthornUnreachable(`No API answers at ${new URL(request.url).origin}`, { cause });
  }
}

function mayBeRepeated({ method, headers }: Request): boolean {
  return ['GET', 'HEAD', 'PUT'].includes(method) || headers.has('idempotency-key');
}

async function isPassing(response: Response | Error, isRepeatable: boolean): Promise<boolean> {
  if (!(response instanceof Response)) return isRepeatable;
  if (response.status === TOO_MANY_REQUESTS) return true;
  if (!isRepeatable) return false;
  if (response.status !== CONFLICT) return isPassingStatus(response.status);
  // The first try of this very request is still under way.
  const body = (await response
    .clone()
    .json()
    .catch(() => null)) as { readonly code?: unknown } | null;
  return body?.code === 'idempotency_key_in_use';
}

/**
 * Doubles from try to try, anywhere between half of it and all, so that many clients do not come at once; `Retry-After`
 * at least.
 */
function delayBefore(
  tries: number,
  { outcome, maxDelayMs }: { readonly outcome: Response | Error; readonly maxDelayMs: number },
): number {
  const wantedMs = outcome instanceof Response ? (retryAfterOf(outcome) ?? 0) * 1_000 : 0;
  const backoffMs = FIRST_DELAY_MS * 2 ** tries * (0.5 + Math.random() / 2);
  return Math.min(maxDelayMs, Math.max(wantedMs, backoffMs));
}

async function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, delayMs);
    signal.addEventListener('abort', stop, { once: true });
  });
}
