import { type ReactNode, useSyncExternalStore } from 'react';
import { asProblem } from '../../data/problem.ts';
import { Button } from '../basics/button.tsx';
import { Icon } from '../basics/icon.tsx';
import css from './notices.module.css';

interface Notice {
  readonly id: number;
  readonly hasFailed: boolean;
  readonly content: ReactNode;
}

const NOTICE_MS = 8_000;

let notices: readonly Notice[] = [];
let count = 0;
const listeners = new Set<() => void>();

/** Says what an action did; with a link to it, best. */
export function notify(content: ReactNode): void {
  const { id } = add(content, false);
  setTimeout(() => remove(id), NOTICE_MS);
}

/** Says why an action failed; it stays until somebody has read it. */
export function notifyFailure(error: unknown): void {
  const problem = asProblem(error);
  add(`${problem.title}. ${problem.message}`, true);
}

function add(content: ReactNode, hasFailed: boolean): Notice {
  count += 1;
  const notice = { id: count, hasFailed, content };
  notices = [...notices, notice];
  tell();
  return notice;
}

function remove(id: number): void {
  notices = notices.filter((notice) => notice.id !== id);
  tell();
}

function tell(): void {
  for (const listener of listeners) listener();
}

/** Where notices are shown, and read out. */
export function Notices() {
  const shown = useSyncExternalStore(subscribe, () => notices);
  return (
    <div className={css.list} role="status" aria-live="polite">
      {shown.map(({ id, hasFailed, content }) => (
        <div key={id} className={hasFailed ? `${css.notice} ${css.failed}` : css.notice}>
          <Icon name={hasFailed ? 'warning' : 'delivered'} />
          <div>{content}</div>
          <Button small look="quiet" onClick={() => remove(id)}>
            Dismiss
          </Button>
        </div>
      ))}
    </div>
  );
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
