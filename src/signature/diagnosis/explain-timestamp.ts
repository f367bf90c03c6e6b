import { type FreshnessOptions, findStaleness, parseBodyTimestamp, parseUnixSeconds } from '../freshness.ts';
import { type Explanation, failed, passed } from './explanation.ts';

/**
 * Says whether a request's time of signing is well-formed and fresh. `header` is `webhook-timestamp`, undefined where
 * it did not come; `body` is the body's `timestamp` member, whatever it is.
 */
export function explainTimestamp(
  { header, body }: { readonly header: string | undefined; readonly body: unknown },
  options: FreshnessOptions,
): Explanation {
  const ofBody = parseBodyTimestamp(body);
  if (header !== undefined) {
    const ofHeader = parseUnixSeconds(header);
    if (ofHeader === undefined) return explainHeader(header);
    if (ofBody !== undefined && ofBody !== ofHeader) {
      const rule = 'Posthorn always sends the same second in both';
      return failed('timestamp_differs', `webhook-timestamp and the body's timestamp differ; ${rule}.`);
    }
    return explainAge(ofHeader, options);
  }
  if (body === undefined) return failed('timestamp_missing', 'There is no timestamp, in headers or body.');
  return ofBody === undefined ? explainBody(body) : explainAge(ofBody, options);
}

function explainHeader(header: string): Explanation {
  if (MILLISECONDS.test(header)) {
    const advice = 'it must be Unix seconds, ten digits';
    return failed('timestamp_in_milliseconds', `webhook-timestamp looks like milliseconds; ${advice}.`);
  }
  return failed('timestamp_malformed', 'webhook-timestamp must be Unix seconds, digits and nothing else.');
}

function explainBody(body: unknown): Explanation {
  const form = 'a UTC time in whole seconds, such as "2024-09-26T10:02:15Z"';
  if (typeof body !== 'object' && MILLISECONDS.test(String(body))) {
    return failed(
      'timestamp_in_milliseconds',
      `The body's timestamp looks like milliseconds; it must be ${form}.`,
    );
  }
  return failed('timestamp_malformed', `The body's timestamp must be ${form}.`);
}

function explainAge(seconds: number, options: FreshnessOptions): Explanation {
  const staleness = findStaleness(seconds, options);
  if (staleness === undefined) return passed('The timestamp is fresh.');
  const causes =
    'Every attempt is signed anew, so this is an old request repeated, a long queue or a wrong clock';
  return failed(staleness.code, `${staleness.message} ${causes}.`);
}

const MILLISECONDS = /^\d{12,14}$/;
