/** What people read about one code of a problem; none of it depends on the request. */
export interface ProblemText {
  /** The same for every occurrence (RFC 9457, 3.1.4). */
  readonly title: string;
  /** What has happened. */
  readonly meaning: string;
  /** What to do about it. */
  readonly advice: string;
}
