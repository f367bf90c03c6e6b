/**
 * JSON that is sent as it is written: numbers beyond 2^53, their spelling, the order of members.
 * @throws SyntaxError where it is none
 */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    JSON.parse(text);
    this.text = text;
  }
}

/** As `JSON.stringify`, with every `JsonText` in it as it stands. */
export function stringify(value: unknown): string {
  const texts: string[] = [];
  // No text of the value can hold a name that was made up for this call.
  const mark = `json-text-${crypto.randomUUID()}-`;
  const json = JSON.stringify(value, (_name, member: unknown) =>
    member instanceof JsonText ? mark + (texts.push(member.text) - 1) : member,
  );
  if (texts.length === 0) return json;
  return json.replaceAll(new RegExp(`"${mark}(\\d+)"`, 'g'), (_, index) => texts[Number(index)] ?? '');
}
