import { useNavigate } from '@tanstack/react-router';
import { useEffect, useSyncExternalStore } from 'react';
import { keepText, keptText } from '../data/kept.ts';
import { toggleLive } from '../data/live/is-live.ts';

/** What a key does, for the list of them. */
interface Shortcut {
  readonly keys: string;
  readonly what: string;
}

const PLACES = {
  o: { to: '/', text: 'Overview' },
  d: { to: '/deliveries', text: 'Deliveries' },
  x: { to: '/dead-letters', text: 'Dead letters' },
  e: { to: '/endpoints', text: 'Endpoints' },
  v: { to: '/events', text: 'Events' },
  r: { to: '/replays', text: 'Replays' },
  l: { to: '/live', text: 'Live' },
  t: { to: '/tools', text: 'Tools' },
} as const;

/** Every key of the console. */
export const SHORTCUTS: readonly Shortcut[] = [
  { keys: 'Ctrl K', what: 'go to a page, or to an id' },
  ...Object.entries(PLACES).map(([key, { text }]) => ({ keys: `g ${key}`, what: text })),
  { keys: '/', what: 'the first filter of the page' },
  { keys: 'j  k', what: 'the next row, the row before' },
  { keys: 'o', what: 'open the row beside the list; Esc closes it' },
  { keys: 'x', what: 'select the row' },
  { keys: 'c', what: 'copy the id of the row, or of the page' },
  { keys: 'r', what: 'go to the button that retries; Enter presses it' },
  { keys: '[  ]', what: 'the attempt before, the next attempt' },
  { keys: 'n', what: 'show rows that came while you read' },
  { keys: '.', what: 'stop showing what is new, or go on' },
  { keys: '?', what: 'these keys' },
];

const OFF = 'posthorn.single-keys';
/** A second key counts as the second of two for so long. */
const PAIR_MS = 1_500;

let areOn = keptText('browser', OFF) !== 'off';
const listeners = new Set<() => void>();

/** Whether single letters do something: whoever speaks to their computer may want none of that (WCAG 2.1.4). */
export function useShortcutsAreOn(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => areOn,
  );
}

/** Switches single letters on or off, in this browser. */
export function toggleShortcuts(): void {
  areOn = !areOn;
  keepText('browser', OFF, areOn ? 'on' : 'off');
  for (const listener of listeners) listener();
}

/** Hears the keys, where nobody types into a field. @param onHelp shows the list */
export function useShortcuts(onHelp: () => void): void {
  const isOn = useShortcutsAreOn();
  const navigate = useNavigate();
  useEffect(() => {
    const pairs = placesByPairs();
    return listen((event) => {
      if (event.key === '?') onHelp();
      if (!isOn) return;
      const place = pairs(event);
      if (place === undefined) act(event);
      else void navigate({ to: place });
    });
  }, [isOn, navigate, onHelp]);
}

function listen(onKey: (event: KeyboardEvent) => void): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (isForUs(event)) onKey(event);
  };
  addEventListener('keydown', onKeyDown);
  return () => removeEventListener('keydown', onKeyDown);
}

/** Where two keys in a row lead; undefined where they do not. */
function placesByPairs() {
  let pairedAt = Number.NEGATIVE_INFINITY;
  return ({ key, timeStamp }: KeyboardEvent) => {
    const isSecond = timeStamp - pairedAt < PAIR_MS;
    pairedAt = key === 'g' ? timeStamp : Number.NEGATIVE_INFINITY;
    return isSecond ? placeOf(key) : undefined;
  };
}

function act(event: KeyboardEvent): void {
  const action = ACTIONS[event.key];
  if (action === undefined) return;
  event.preventDefault();
  action();
}

const ACTIONS: Readonly<Record<string, () => void>> = {
  '.': toggleLive,
  '/': () => document.querySelector<HTMLElement>('main search :is(input, select)')?.focus(),
  j: () => focusOnRow(1),
  k: () => focusOnRow(-1),
  x: () => rowOfFocus()?.querySelector<HTMLElement>('input[type=checkbox]')?.click(),
  o: () => rowOfFocus()?.querySelector<HTMLElement>('[data-key=o]')?.click(),
  c: () => pressedBy('c')?.click(),
  r: () => pressedBy('r')?.focus(),
  '[': () => pressedBy('[')?.click(),
  ']': () => pressedBy(']')?.click(),
  n: () => pressedBy('n')?.click(),
};

function rowOfFocus(): Element | null {
  return document.activeElement?.closest('main tbody tr') ?? null;
}

/** What says of itself that a key presses it: in the row that has the focus, in what is open beside, or on the page. */
function pressedBy(key: string): HTMLElement | null {
  const wanted = `[data-key="${key}"]`;
  for (const place of [rowOfFocus(), document.querySelector('main aside'), document.querySelector('main')]) {
    const found = place?.querySelector<HTMLElement>(wanted);
    if (found != null) return found;
  }
  return null;
}

function placeOf(key: string) {
  return Object.entries(PLACES).find(([letter]) => letter === key)?.[1].to;
}

function focusOnRow(step: number): void {
  const links = [...document.querySelectorAll<HTMLElement>('main tbody tr')]
    .map((row) => row.querySelector<HTMLElement>('a'))
    .filter((link) => link !== null);
  const place = links.findIndex((link) => link.closest('tr')?.contains(document.activeElement));
  const next = place === -1 ? 0 : Math.min(Math.max(place + step, 0), links.length - 1);
  links[next]?.focus();
}

/** Without another key held, and where no text is typed and no question is open. */
function isForUs({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey || !(target instanceof HTMLElement)) return false;
  return target.closest(TAKES_KEYS) === null;
}

const TAKES_KEYS = 'input:not([type=checkbox]), textarea, select, [role=dialog], [role=alertdialog]';
