/** What an operator opens and closes to deliveries. Host names mean themselves and their subdomains. */
export interface DestinationLists {
  /** CIDRs that may be reached although they are not public, by plain http and on any port too. */
  readonly allowed: readonly string[];
  /** CIDRs and host names that may not be reached, whatever allows them. */
  readonly denied: readonly string[];
  /** Ports of public addresses beside 443. */
  readonly ports: readonly number[];
  /** Where any is named, the only host names that may be reached. */
  readonly hosts: readonly string[];
}
