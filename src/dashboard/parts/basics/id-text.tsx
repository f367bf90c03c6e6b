import { useState } from 'react';
import { Icon } from './icon.tsx';
import css from './id-text.module.css';

const COPIED_MS = 1_500;
const HEAD = 8;
const TAIL = 4;

/** An id with its middle left out, as it can be told from others at a glance: `del_01J8…H0K2`. */
export function shortId(id: string): string {
  return id.length <= HEAD + TAIL + 1 ? id : `${id.slice(0, HEAD)}…${id.slice(-TAIL)}`;
}

/** An id in short, whole in its title, to be copied by a button beside it. */
export function IdText({ id, whole = false }: { readonly id: string; readonly whole?: boolean }) {
  return (
    <span className={css.id}>
      <span title={id}>{whole ? id : shortId(id)}</span>
      <CopyButton text={id} label={`Copy ${id}`} pressedBy="c" />
    </span>
  );
}

interface CopyProps {
  readonly text: string;
  readonly label: string;
  readonly always?: boolean;
  /** The key that presses it. */
  readonly pressedBy?: string;
}

/** Copies a text, and says that it did. */
export function CopyButton({ text, label, always = false, pressedBy }: CopyProps) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), COPIED_MS);
  };
  return (
    <button
      type="button"
      className={always ? `${css.copy} ${css.always}` : css.copy}
      aria-label={isCopied ? 'Copied' : label}
      title={isCopied ? 'Copied' : 'Copy'}
      data-key={pressedBy}
      onClick={copy}
    >
      <Icon name={isCopied ? 'delivered' : 'copy'} size={13} />
    </button>
  );
}
