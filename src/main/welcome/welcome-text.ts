import { WELCOME_CUSTOMER, WELCOME_ECHO_PATH } from './welcome-endpoint.ts';

export interface Welcome {
  readonly url: string;
  /** Opens the console, once, signed in. */
  readonly consoleUrl: string;
  readonly seconds: string;
  readonly adminKey: string;
  readonly temporalUiUrl: string | null;
  /** The endpoint at the echo receiver; null where that is off. */
  readonly endpoint: string | null;
}

/** What `npm start` prints once everything runs: where things are, and how to send the first event. */
export function welcomeText({
  url,
  consoleUrl,
  seconds,
  adminKey,
  temporalUiUrl,
  endpoint,
}: Welcome): string {
  const places = [
    `  Console      ${consoleUrl}`,
    `  API          ${url}/v1`,
    `  API docs     ${url}/docs`,
    ...(temporalUiUrl === null ? [] : [`  Temporal UI  ${temporalUiUrl}`]),
    `  Operator key ${adminKey}`,
  ];
  return [
    '',
    `Posthorn is ready after ${seconds} s.`,
    '',
    ...places,
    '',
    ...firstEvent({ url, adminKey, endpoint }),
    '',
    'Ctrl-C stops everything.',
    '',
  ].join('\n');
}

function firstEvent({
  url,
  adminKey,
  endpoint,
}: Pick<Welcome, 'url' | 'adminKey' | 'endpoint'>): readonly string[] {
  if (endpoint === null) return [];
  const body = JSON.stringify({
    event: 'job.completed',
    customer_id: WELCOME_CUSTOMER,
    data: { job_id: 'job_1', status: 'completed' },
  });
  return [
    'Publish a first event:',
    '',
    `  curl -sS ${url}/v1/events -H 'Authorization: Bearer ${adminKey}' ` +
      `-H 'Content-Type: application/json' -d '${body}'`,
    '',
    'and see it arrive, signed:',
    '',
    `  curl -sS ${url}${WELCOME_ECHO_PATH} -H 'Authorization: Bearer ${adminKey}'`,
  ];
}
