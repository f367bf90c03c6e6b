import type { ProblemText } from './problem-text.ts';

/** What the present state does not allow. */
export const STATE_PROBLEMS = {
  attempt_in_progress: {
    title: 'An attempt is under way',
    meaning: 'The delivery is being sent at this moment.',
    advice: 'Wait for its result.',
  },
  delivery_cancelled: {
    title: 'The delivery is cancelled',
    meaning: 'A cancelled delivery cannot be sent again.',
    advice: 'Publish the event again.',
  },
  not_retryable: {
    title: 'The delivery cannot be retried',
    meaning: 'The delivery is in a state from which nothing can be sent.',
    advice: 'Read the delivery again, and publish the event again where it must arrive.',
  },
  delivery_scheduled: {
    title: 'The delivery is scheduled',
    meaning: 'Its time has not come yet.',
    advice: 'Cancel the event, or wait.',
  },
  delivery_ended: {
    title: 'The delivery has ended',
    meaning: 'What has ended cannot be cancelled.',
    advice: 'Nothing needs to be done.',
  },
  verification_not_retryable: {
    title: 'A challenge is sent once',
    meaning: 'The delivery carries a challenge for the ownership of a URL.',
    advice: 'POST /v1/endpoints/{id}/verify sends another.',
  },
  endpoint_deleted: {
    title: 'The endpoint was deleted',
    meaning: 'The delivery has no endpoint any more.',
    advice: 'Create an endpoint and publish the event again.',
  },
  endpoint_disabled: {
    title: 'The endpoint is disabled',
    meaning: 'A disabled endpoint can neither be paused nor resumed, and nothing is sent there.',
    advice: 'Enable it first.',
  },
  endpoint_unverified: {
    title: 'The endpoint is unverified',
    meaning: 'It has not shown yet that it answers for its URL.',
    advice: 'POST /v1/endpoints/{id}/verify sends it a challenge.',
  },
  nothing_to_verify: {
    title: 'There is nothing to verify',
    meaning: 'The endpoint is not unverified.',
    advice: 'Nothing needs to be done.',
  },
  verification_too_soon: {
    title: 'A challenge was sent a moment ago',
    meaning: 'Challenges to one endpoint have a pause between them.',
    advice: 'Go on after Retry-After seconds.',
  },
  not_first_in_line: {
    title: 'Another delivery comes before this one',
    meaning: 'The endpoint keeps the order.',
    advice: 'Retry or cancel the one before, or wait.',
  },
  event_uid_taken: {
    title: 'Another event has this uid',
    meaning: 'The uid is unique among the events of a customer for as long as they are kept.',
    advice: 'Nothing needs to be done where the event was published before; else give another uid.',
  },
  endpoint_uid_taken: {
    title: 'Another endpoint has this uid',
    meaning: 'The uid is unique among the endpoints of a customer.',
    advice: 'Change that endpoint, or give another uid.',
  },
  customer_erasing: {
    title: 'The customer is being erased',
    meaning: 'Everything of the customer is being erased, and nothing is accepted for it meanwhile.',
    advice: 'Wait until GET /v1/customers/{id} answers 404.',
  },
  event_is_test: {
    title: 'The event is a test',
    meaning: 'A test, or a challenge, goes to the endpoint that it was made for and to no other.',
    advice: 'POST /v1/endpoints/{id}/test sends another.',
  },
  event_erased: {
    title: 'The data of the event is erased',
    meaning: 'What the event carried is gone for good, so that it cannot be sent again.',
    advice: 'Publish the event again.',
  },
  endpoint_secret_differs: {
    title: 'The endpoint has another secret',
    meaning: 'The endpoint exists, and the secret that was given is none of its live ones.',
    advice: 'Leave the secret out, or rotate the secret of the endpoint.',
  },
  endpoints_changing: {
    title: 'Endpoints are being switched',
    meaning: 'Endpoints are enabled or disabled at this moment, and publishing waited too long for that.',
    advice: 'Send it again after Retry-After seconds.',
  },
  last_secret: {
    title: 'No secret would be left',
    meaning: 'An endpoint needs a secret to sign with.',
    advice: 'Rotate first, then revoke the former one.',
  },
  too_many_secrets: {
    title: 'Too many secrets are live',
    meaning: 'An endpoint has a limited number of secrets at once.',
    advice: 'Revoke one, or wait until an overlap ends.',
  },
  replay_completed: {
    title: 'The replay is completed',
    meaning: 'What is completed can neither be cancelled nor go on.',
    advice: 'Nothing needs to be done.',
  },
  replay_being_cancelled: {
    title: 'The replay is being cancelled',
    meaning: 'What the replay released is being taken back at this moment.',
    advice: 'Repeat the request in a few seconds.',
  },
  closing: {
    title: 'The server is closing',
    meaning: 'The process that answers is being stopped.',
    advice: 'Send the request again; another process, or this one started again, answers it.',
  },
  too_many_waiting: {
    title: 'Too many answers wait',
    meaning: 'The echo receiver keeps a limited number of delayed answers.',
    advice: 'Lower delay_ms, or send fewer at once.',
  },
} as const satisfies Readonly<Record<string, ProblemText>>;
