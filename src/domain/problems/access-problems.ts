import type { ProblemText } from './problem-text.ts';

/** Why a key, a session or an address is not let through, and what a key cannot be made for. */
export const ACCESS_PROBLEMS = {
  invalid_name: {
    title: 'The name of the key cannot be used',
    meaning: 'A name has no invisible characters and no blanks at its ends, and is in Unicode NFC.',
    advice: 'Write it with characters that can be seen.',
  },
  key_missing: {
    title: 'The key is missing',
    meaning: 'The request has no Authorization header.',
    advice: 'Send "Authorization: Bearer <key>".',
  },
  key_malformed: {
    title: 'The Authorization header cannot be read',
    meaning: 'The header is there, but does not read "Bearer <key>".',
    advice: 'Send "Authorization: Bearer <key>", with one blank and no quotes.',
  },
  key_unknown: {
    title: 'The key does not exist',
    meaning: 'No key reads like this one.',
    advice: 'Check that the key is complete and belongs to this installation.',
  },
  key_revoked: {
    title: 'The key was revoked',
    meaning: 'The key was taken back for good.',
    advice: 'Use another key.',
  },
  key_expired: {
    title: 'The key has expired',
    meaning: 'The time of the key is over, or it was replaced by its rotation.',
    advice: 'Use its successor, or ask the operator for another.',
  },
  session_over: {
    title: 'The session of the browser is over',
    meaning: 'The session has ended, or its key was revoked.',
    advice: 'Begin another session.',
  },
  code_unknown: {
    title: 'The link cannot be used',
    meaning:
      'The code of a link begins one session, within minutes; this one was used, is too old, or was taken back.',
    advice: 'Ask for another link, or sign in by a key.',
  },
  console_not_built: {
    title: 'The console was not built',
    meaning: 'The files of the console are missing from this installation.',
    advice: 'Run npm run build, which makes them, and start again.',
  },
  cross_site: {
    title: 'Another page asked with this session',
    meaning:
      'A change by a session has to come from a page of this instance; the browser says that this one did not.',
    advice:
      'Use the console, or send a key. Behind a proxy, hand on Host, and X-Forwarded-Proto from a listed proxy.',
  },
  address_not_allowed: {
    title: 'The key may not be used from here',
    meaning: 'The address of the caller is not among those that the key is good for.',
    advice:
      'Call from an allowed address, or ask the operator to allow this one. ' +
      'Behind a proxy POSTHORN_TRUSTED_PROXIES must name it.',
  },
  scope_missing: {
    title: 'The key lacks the scope',
    meaning: 'The operation needs a scope that this key does not have.',
    advice: 'Use a key with the scope that `detail` names.',
  },
  operator_only: {
    title: 'This is for the operator only',
    meaning: 'The operation needs a key without a customer that has the scope operate.',
    advice: 'Use a key of the operator.',
  },
  customer_mismatch: {
    title: 'The key belongs to another customer',
    meaning: 'The request names a customer that the key does not belong to.',
    advice: 'Leave customer_id out: with the key of a customer it is that customer.',
  },
  origin_not_allowed: {
    title: 'Pages of this origin may not ask',
    meaning: 'A browser asks for a page of another origin than the Temporal UI.',
    advice: 'Set TEMPORAL_UI_URL to the address of the Temporal UI that is used.',
  },
  rate_limited: {
    title: 'The quota is used up',
    meaning: 'The key or its customer has made all requests that it may make within a minute.',
    advice: 'Go on after Retry-After seconds; the header RateLimit says what is left.',
  },
  scope_not_allowed: {
    title: 'A key of a customer cannot have this scope',
    meaning: 'The scope is for keys of the operator, whose customer_id is null.',
    advice: 'Leave the scope out, or make a key of the operator.',
  },
  expires_at_past: {
    title: 'The expiry lies in the past',
    meaning: 'The key would have expired already.',
    advice: 'Give a time in the future, or null.',
  },
  invalid_cidr: {
    title: 'This is no CIDR',
    meaning: 'The text is neither an address nor a network such as 192.0.2.0/24 or 2001:db8::/32.',
    advice: 'Write an address, or a network with the length of its prefix.',
  },
  master_key_not_everywhere: {
    title: 'Not every process has the master key',
    meaning:
      'A process seals with another master key than this API, so secrets would be sealed that it cannot open.',
    advice: 'Restart the processes that `detail` names with the same first key in POSTHORN_MASTER_KEY.',
  },
  codec_off: {
    title: 'Payloads are not encrypted here',
    meaning: 'The codec endpoint has nothing to do without a codec key.',
    advice: 'Set POSTHORN_TEMPORAL_CODEC_KEY, or ask without a codec.',
  },
  namespace_mismatch: {
    title: 'The payloads belong to another namespace',
    meaning: 'X-Namespace names another namespace than that of this installation.',
    advice: 'Look at the namespace that `detail` names.',
  },
  payload_sealed: {
    title: 'A payload cannot be opened',
    meaning: 'No codec key of this installation opens the payload.',
    advice: 'Add the key that sealed it to POSTHORN_TEMPORAL_CODEC_KEY, behind the first.',
  },
} as const satisfies Readonly<Record<string, ProblemText>>;
