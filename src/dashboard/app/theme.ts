import { keepText, keptText } from '../data/kept.ts';

const KEY = 'posthorn.theme';
const THEMES = ['auto', 'light', 'dark'] as const;

/** Colours as the system has them, or light or dark whatever it has. */
export type Theme = (typeof THEMES)[number];

function isTheme(text: string | null): text is Theme {
  return THEMES.some((theme) => theme === text);
}

/** What was chosen in this browser. */
export function keptTheme(): Theme {
  const kept = keptText('browser', KEY);
  return isTheme(kept) ? kept : 'auto';
}

/** Shows the page in a theme. */
export function applyTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
}

/** Goes on to the next theme, and keeps it. */
export function nextTheme(): Theme {
  const next = THEMES[(THEMES.indexOf(keptTheme()) + 1) % THEMES.length] ?? 'auto';
  keepText('browser', KEY, next);
  applyTheme(next);
  return next;
}
