/** Where texts are kept: for this browser, or for this tab alone. */
type Place = 'browser' | 'tab';

/** A text that was kept; null where none was, or where the browser keeps nothing for a page in a frame. */
export function keptText(place: Place, name: string): string | null {
  try {
    return storageOf(place).getItem(name);
  } catch {
    return null;
  }
}

/** Keeps a text; without effect where the browser keeps nothing for a page in a frame. */
export function keepText(place: Place, name: string, text: string): void {
  try {
    storageOf(place).setItem(name, text);
  } catch {
    // The page has it in memory for as long as it is open.
  }
}

/** Forgets what was kept for this tab. */
export function forgetTab(): void {
  try {
    sessionStorage.clear();
  } catch {
    // Nothing was kept.
  }
}

function storageOf(place: Place): Storage {
  return place === 'browser' ? localStorage : sessionStorage;
}
