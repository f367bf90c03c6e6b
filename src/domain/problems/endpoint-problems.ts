import type { ProblemText } from './problem-text.ts';

/** Why settings of an endpoint, or rules for destinations, are refused. */
export const ENDPOINT_PROBLEMS = {
  endpoint_of_other_customer: {
    title: 'The endpoint belongs to another customer',
    meaning: 'Events are sent to endpoints of their own customer, or of the operator.',
    advice: 'Name an endpoint of the customer of what is to be sent.',
  },
  url_empty: {
    title: 'The URL is empty',
    meaning: 'An endpoint needs a URL.',
    advice: 'Give an https URL.',
  },
  url_too_long: {
    title: 'The URL is too long',
    meaning: 'The URL has more characters than fit.',
    advice: 'Shorten it.',
  },
  url_forbidden_character: {
    title: 'The URL has a forbidden character',
    meaning: 'Control characters, blanks and backslashes may not stand in URLs, encoded or not.',
    advice: 'Remove the character.',
  },
  url_scheme: {
    title: 'The URL does not begin with https',
    meaning: 'The URL must begin with https:// and name a host.',
    advice: 'Write it like https://example.com/hooks.',
  },
  url_user_info: {
    title: 'The URL carries credentials',
    meaning: 'A user name or password in a URL would be seen in logs.',
    advice: 'Use a custom header for credentials.',
  },
  url_invalid: {
    title: 'The URL is not valid',
    meaning: 'The text cannot be read as a URL.',
    advice: 'Write it like https://example.com/hooks.',
  },
  url_fragment: {
    title: 'The URL has a fragment',
    meaning: 'What follows # is never sent.',
    advice: 'Remove the fragment.',
  },
  url_port: {
    title: 'The port cannot be connected to',
    meaning: 'Nothing can listen at port 0.',
    advice: 'Give another port, or none for 443.',
  },
  url_host: {
    title: 'The host name is not valid',
    meaning: 'The host of the URL is no name and no address.',
    advice: 'Check the host name.',
  },
  scheme_not_allowed: {
    title: 'Plain http is not allowed there',
    meaning: 'Deliveries go by https; plain http needs an allowed destination.',
    advice: 'Use https, or ask the operator to allow the destination.',
  },
  port_not_allowed: {
    title: 'The port is not allowed',
    meaning: 'Public addresses are reached at port 443 and the ports that the operator allows.',
    advice: 'Use port 443, or ask the operator to allow the port.',
  },
  destination_not_allowed: {
    title: 'The address may not be reached',
    meaning: 'The URL leads to an address or name that the rules of this installation refuse.',
    advice: 'Use a publicly reachable address, or ask the operator to allow this one.',
  },
  invalid_event_filter: {
    title: 'This is no filter for events',
    meaning: 'An entry is an event type, a wildcard such as job.*, or *.',
    advice: 'Correct the entry.',
  },
  too_many_headers: {
    title: 'There are too many custom headers',
    meaning: 'An endpoint may have 32.',
    advice: 'Leave some out.',
  },
  header_reserved: {
    title: 'The header is sent by Posthorn itself',
    meaning: 'Headers of HTTP and of the signature cannot be replaced.',
    advice: 'Choose another name.',
  },
  header_name_invalid: {
    title: 'This is no name of a header',
    meaning: 'The name has characters that HTTP does not allow.',
    advice: 'Use letters, digits and hyphens.',
  },
  header_repeated: {
    title: 'A header is there twice',
    meaning: 'Names of headers do not differ by case.',
    advice: 'Give it once.',
  },
  header_value_invalid: {
    title: 'This is no value of a header',
    meaning: 'The value may have visible ASCII characters, blanks and tabs only.',
    advice: 'Encode other characters.',
  },
  header_too_large: {
    title: 'A header is too large',
    meaning: 'Name and value have more bytes than fit.',
    advice: 'Shorten the value.',
  },
  header_value_masked: {
    title: 'There is no stored value to keep',
    meaning: '*** stands for a stored sensitive value, and there is none of this name.',
    advice: 'Give the value itself.',
  },
  below_initial_ms: {
    title: 'The longest pause is below the first',
    meaning: 'max_ms must be at least initial_ms.',
    advice: 'Raise max_ms or lower initial_ms.',
  },
  below_cooldown_ms: {
    title: 'The longest cool-down is below the first',
    meaning: 'max_cooldown_ms must be at least cooldown_ms.',
    advice: 'Raise max_cooldown_ms or lower cooldown_ms.',
  },
  not_for_strategy: {
    title: 'The member does not go with the strategy',
    meaning: 'Each retry strategy has members of its own.',
    advice: 'Leave the member out, or choose another strategy.',
  },
  tls_version_not_allowed: {
    title: 'The TLS version is not allowed',
    meaning: 'This installation does not deliver by TLS 1.2.',
    advice: 'Leave min_version at 1.3, or ask the operator to allow 1.2.',
  },
  invalid_certificate: {
    title: 'The client certificate cannot be read',
    meaning: 'The text is no PEM certificate.',
    advice: 'Give the certificate, with its chain, in PEM.',
  },
  private_key_in_certificate: {
    title: 'The certificate contains a private key',
    meaning: 'A private key must not stand where it would be shown.',
    advice: 'Give the key as tls.client_key only.',
  },
  invalid_private_key: {
    title: 'The client key cannot be read',
    meaning: 'The text is no unencrypted private key in PEM.',
    advice: 'Give an unencrypted private key in PEM.',
  },
  private_key_too_large: {
    title: 'The client key is too large',
    meaning: 'Handshakes with so large a key cost too much.',
    advice: 'Use a key of the usual size.',
  },
  key_mismatch: {
    title: 'Client key and certificate do not match',
    meaning: 'The certificate is that of another key.',
    advice: 'Give the two that belong together.',
  },
  unknown_egress_address: {
    title: 'The egress address is not known',
    meaning: 'The operator did not configure this address for outgoing requests.',
    advice: 'Choose one of those that GET /v1/egress shows.',
  },
  secret_prefix_missing: {
    title: 'The secret has no known form',
    meaning: 'A secret begins with whsec_ and goes on in base64.',
    advice: 'Give a secret of that form, or none to have one generated.',
  },
  secret_not_base64: {
    title: 'The secret is not valid base64',
    meaning: 'What follows whsec_ must be base64.',
    advice: 'Give the secret as it was generated.',
  },
  secret_too_short: {
    title: 'The secret is too short',
    meaning: 'A short key can be guessed.',
    advice: 'Give at least 24 bytes, or none to have one generated.',
  },
  secret_too_long: {
    title: 'The secret is too long',
    meaning: 'The secret has more bytes than HMAC makes use of.',
    advice: 'Give at most 64 bytes.',
  },
  secret_too_weak: {
    title: 'The secret can be guessed',
    meaning: 'The secret repeats itself or counts.',
    advice: 'Give random bytes, or none to have one generated.',
  },
  pause_until_past: {
    title: 'The end of the pause has passed',
    meaning: 'A pause ends at a time that is still to come.',
    advice: 'Give a later time, or none.',
  },
  invalid_filter: {
    title: 'This is no filter of data',
    meaning: 'A filter names members of data, or JSON pointers to them, with the values that are wanted.',
    advice: 'Name searchable members of the event types; GET /v1/event-types lists them.',
  },
  import_unnamed: {
    title: 'The endpoint cannot be told from others',
    meaning:
      'The JSON names no customer or no id of the endpoint, so that a second import would not find it.',
    advice: 'Add the member that the page of this sender names, or give customer_id.',
  },
  secret_not_for_signature: {
    title: 'The secret does not go with a signature',
    meaning: 'A signature takes its key from base64 or hex, and the secret is not that.',
    advice: 'Give a secret of the form that the signature reads, or choose another secret_encoding.',
  },
  signature_header_taken: {
    title: 'Two would fill one header',
    meaning: 'A signature stands in a header that another signature or a custom header fills.',
    advice: 'Leave one of them out, or give it another header.',
  },
  invalid_signing_key: {
    title: 'The signing key cannot be read',
    meaning: 'The text is no Ed25519 private key in the form of Standard Webhooks.',
    advice: 'Give whsk_ and the base64 of 32 or 64 bytes, or none to have one generated.',
  },
  secret_in_use: {
    title: 'The endpoint has this secret already',
    meaning: 'A rotation to the same secret changes nothing.',
    advice: 'Nothing needs to be done where a request was repeated; else give another.',
  },
  unknown_secret: {
    title: 'There is no live secret of this number',
    meaning: 'The number names no secret that still signs.',
    advice: 'Read the live secrets, which have their numbers.',
  },
  invalid_host: {
    title: 'This is no host name',
    meaning: 'The text is no name such as example.com.',
    advice: 'Give a name without scheme, port and path.',
  },
  invalid_destination: {
    title: 'This is no destination',
    meaning: 'The text is neither a network nor a host name.',
    advice: 'Give a CIDR such as 10.1.0.0/16 or a name such as example.com.',
  },
} as const satisfies Readonly<Record<string, ProblemText>>;
