import { createParser } from 'eventsource-parser';
import { openText } from '../api.ts';
import { ApiProblem } from '../problem.ts';
import type { Outcome } from '../types.ts';
import type { Connection } from './connection.ts';

interface Follow {
  /** A customer's alone; of all that may be seen where absent. */
  readonly customerId: string | undefined;
  readonly onOutcome: (outcome: Outcome) => void;
  readonly onConnection: (connection: Connection) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** The API gives a sign of life every fifteen seconds; proxies that keep it back are found out by this. */
const STREAM_SILENCE_MS = 20_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_STREAM_PAUSE_MS = 30_000;
/** From then on it is called what it is: a page that asks again and again. */
const POLLING_AFTER = 3;

/**
 * Follows deliveries by the API's stream. Where the connection breaks it is made anew, and goes on after the last
 * message that came; where there can be none it keeps trying, and says that the page polls meanwhile.
 */
export async function followOutcomes({ customerId, onOutcome, onConnection, signal }: Follow): Promise<void> {
  const query = customerId === undefined ? '' : `?${new URLSearchParams({ customer_id: customerId })}`;
  const path = `/v1/deliveries/stream${query}`;
  const place: Place = { lastEventId: null };
  for (let failures = 0; !signal.aborted; failures += 1) {
    const refusal = await readOnce(path, {
      place,
      signal,
      onOutcome,
      onOpen: () => {
        failures = 0;
        onConnection({ kind: 'live' });
      },
    });
    if (signal.aborted) return;
    const isPolling = failures >= POLLING_AFTER || refusal !== null;
    onConnection(isPolling ? { kind: 'polling' } : { kind: 'reconnecting', times: failures + 1 });
    await pause(isPolling ? LONGEST_STREAM_PAUSE_MS : FIRST_PAUSE_MS * 2 ** failures, signal);
  }
}

interface Place {
  lastEventId: string | null;
}

interface Reading {
  readonly place: Place;
  readonly signal: AbortSignal;
  readonly onOutcome: (outcome: Outcome) => void;
  readonly onOpen: () => void;
}

/** Reads one connection to its end. @returns what the API refused it with; null where it ended or never came about */
async function readOnce(
  path: string,
  { place, signal, onOutcome, onOpen }: Reading,
): Promise<ApiProblem | null> {
  const ending = new AbortController();
  const end = () => ending.abort();
  signal.addEventListener('abort', end);
  let silence = setTimeout(end, STREAM_SILENCE_MS);
  const parser = createParser({
    onEvent: ({ id, event, data }) => {
      if (id !== undefined) place.lastEventId = id;
      if (event === 'outcome') onOutcome(JSON.parse(data));
    },
  });
  try {
    const headers = {
      Accept: 'text/event-stream',
      ...(place.lastEventId === null ? {} : { 'Last-Event-ID': place.lastEventId }),
    };
    for await (const text of openText(path, { headers, signal: ending.signal })) {
      clearTimeout(silence);
      silence = setTimeout(end, STREAM_SILENCE_MS);
      onOpen();
      parser.feed(text);
    }
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status === 0) return null;
    // Of another server, or of longer ago than it keeps: the next connection begins with what happens then.
    place.lastEventId = null;
    return error;
  } finally {
    clearTimeout(silence);
    signal.removeEventListener('abort', end);
    ending.abort();
  }
  return null;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
