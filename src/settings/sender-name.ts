/** How an installation names itself to receivers. */
export interface SenderName {
  readonly userAgent: string;
  /** What the names of Posthorn's own headers begin with. */
  readonly headerPrefix: string;
}

/** What the settings say, or Posthorn with its version. */
export function senderNameOf(
  { userAgent, headerPrefix }: Pick<SenderName, 'headerPrefix'> & { readonly userAgent: string | null },
  version: string,
): SenderName {
  return { userAgent: userAgent ?? `Posthorn/${version}`, headerPrefix };
}
