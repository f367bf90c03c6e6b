import { useMemo, useState } from 'react';
import { jsonTokens, laidOut } from '../../data/json-text.ts';
import { maskedPlaces } from '../../data/masked.ts';
import { Button } from '../basics/button.tsx';
import { CopyButton } from '../basics/id-text.tsx';
import css from './body-view.module.css';

/** Colouring makes an element a token: beyond this, text is shown plain. */
const MAX_COLOURED = 60_000;
/** What a page shows of a text; browsers lay out no more with ease. */
const MAX_SHOWN = 262_144;

const UNITS = ['B', 'KiB', 'MiB'] as const;

/** So many bytes of UTF-8, in the unit that reads best. */
export function sizeText(bytes: number): string {
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), UNITS.length - 1);
  const size = bytes / 1024 ** power;
  return `${power === 0 ? size : size.toFixed(1)} ${UNITS[power] ?? 'B'}`;
}

interface BodyProps {
  readonly label: string;
  readonly text: string | null;
  readonly note?: string | null;
  /** Members whose values stand in it as masks. */
  readonly masked?: readonly string[];
}

const NONE: readonly string[] = [];

/** A body as text: exactly as it is kept, or with JSON set out in lines, whose tokens stay as they are. */
export function BodyView({ label, text, note = null, masked = NONE }: BodyProps) {
  const [isRaw, setRaw] = useState(false);
  const [isWrapped, setWrapped] = useState(true);
  const bytes = useMemo(() => new TextEncoder().encode(text ?? '').length, [text]);
  if (text === null || text === '')
    return (
      <div className={css.view}>
        <p className={css.none}>{note ?? (text === '' ? `${label}: empty.` : `${label}: not kept.`)}</p>
      </div>
    );
  const shown = text.slice(0, MAX_SHOWN);
  return (
    <div className={css.view}>
      <div className={css.bar}>
        <span>
          {label} · {sizeText(bytes)}
          {note === null ? '' : ` · ${note}`}
          {masked.length === 0 ? '' : ` · sensitive, shown as ***: ${masked.join(', ')}`}
        </span>
        <label className={css.toggle}>
          <input type="checkbox" checked={!isRaw} onChange={() => setRaw(!isRaw)} />
          pretty
        </label>
        <label className={css.toggle}>
          <input type="checkbox" checked={isWrapped} onChange={() => setWrapped(!isWrapped)} />
          wrap
        </label>
        <CopyButton text={text} label={`Copy ${label.toLowerCase()}`} always />
      </div>
      <section className={css.scroll} tabIndex={0} aria-label={`${label}, text`}>
        <pre className={isWrapped ? `${css.text} ${css.wrap}` : css.text} dir="auto">
          {isRaw ? shown : <Pretty text={shown} masked={masked} />}
        </pre>
      </section>
      {shown.length === text.length ? null : (
        <div className={css.bar}>
          <span>The first {sizeText(MAX_SHOWN)} are shown.</span>
          <Button small onClick={() => download(text)}>
            Download all
          </Button>
        </div>
      )}
    </div>
  );
}

/** Hands the whole text to whoever looks, as a file. */
function download(text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  link.download = 'body.txt';
  link.click();
  URL.revokeObjectURL(link.href);
}

function Pretty({ text, masked }: Required<Pick<BodyProps, 'masked'>> & { readonly text: string }) {
  const tokens = useMemo(() => {
    const read = jsonTokens(text);
    return read === null ? null : laidOut(read);
  }, [text]);
  const masks = useMemo(() => maskedPlaces(tokens ?? [], masked), [tokens, masked]);
  if (tokens === null) return text;
  if (text.length > MAX_COLOURED) return tokens.map((token) => token.text).join('');
  return tokens.map(({ kind, text: piece }, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: tokens are known by their place alone
    <span key={place} className={masks.has(place) ? css.masked : css[kind]}>
      {piece}
    </span>
  ));
}

interface HeadersProps {
  readonly label: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Those of the attempt before, to mark what differs. */
  readonly before?: Readonly<Record<string, string>> | null;
}

/** Headers in the order in which they were sent or came. */
export function HeadersView({ label, headers, before = null }: HeadersProps) {
  const entries = Object.entries(headers);
  return (
    <div className={css.view}>
      <div className={css.bar}>
        <span>
          {label} · {entries.length}
        </span>
        <CopyButton
          text={entries.map(([name, value]) => `${name}: ${value}`).join('\n')}
          label={`Copy ${label.toLowerCase()}`}
          always
        />
      </div>
      <table className={css.headers}>
        <tbody>
          {entries.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className={before === null || before[name] === value ? undefined : css.changed}>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
