/** How long clients may take, in milliseconds. */
export interface HttpLimits {
  /** From the first byte of a request until all its headers are there. */
  readonly headersMs: number;
  /** Until its body is there, too. */
  readonly requestMs: number;
  /** Without any byte in either direction; what is being worked on or read slowly ends then. */
  readonly silenceMs: number;
  /** How often requests are looked at. */
  readonly checkEveryMs: number;
}

/** 16 MiB within a minute is 2.2 Mbit/s; the longest answer of ours, that of an echo receiver, takes five minutes. */
export const HTTP_LIMITS: HttpLimits = {
  headersMs: 10_000,
  requestMs: 60_000,
  silenceMs: 330_000,
  checkEveryMs: 2_000,
};
