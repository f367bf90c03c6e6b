/** Texts of other people as a terminal may show them: without control characters, which could rewrite it. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '\u{fffd}');
}

/** Colours of a terminal. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly green: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
}

/** Colours, or none. */
export function styleOf(isColoured: boolean): Style {
  const paint = (code: number) => (text: string) => (isColoured ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { bold: paint(1), dim: paint(2), green: paint(32), red: paint(31), yellow: paint(33) };
}

/** A state of a delivery, an endpoint or a key in its colour. */
export function paintState(style: Style, state: string): string {
  if (['delivered', 'enabled', 'completed', 'live', 'closed'].includes(state)) return style.green(state);
  if (['dead', 'disabled', 'revoked', 'open'].includes(state)) return style.red(state);
  if (['held', 'retrying', 'paused', 'half_open', 'skipped'].includes(state)) return style.yellow(state);
  return state;
}
