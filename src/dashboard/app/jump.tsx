import { Dialog } from '@base-ui/react/dialog';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Button } from '../parts/basics/button.tsx';
import { Icon } from '../parts/basics/icon.tsx';
import { saidOnPhone } from '../parts/basics/said.tsx';
import css from './jump.module.css';
import { type Target, targetsOf } from './jump-targets.ts';

/** Goes to a page, or straight to the thing whose id is typed: by ⌘K or Ctrl K. */
export function Jump() {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const open = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      setOpen(true);
    };
    addEventListener('keydown', open);
    return () => removeEventListener('keydown', open);
  }, []);
  return (
    <>
      <Button look="quiet" icon="search" title="Go to a page or an id" onClick={() => setOpen(true)}>
        <span className={`${css.wide} ${saidOnPhone}`}>
          Go to <kbd>⌘K</kbd>
        </span>
      </Button>
      <Dialog.Root open={isOpen} onOpenChange={setOpen}>
        <Dialog.Portal>
          <Dialog.Backdrop className={css.backdrop} />
          <Dialog.Popup className={css.popup} aria-label="Go to">
            <Finder onDone={() => setOpen(false)} />
          </Dialog.Popup>
        </Dialog.Portal>
      </Dialog.Root>
    </>
  );
}

const LIST = 'jump-list';

function Finder({ onDone }: { readonly onDone: () => void }) {
  const [text, setText] = useState('');
  const [place, setPlace] = useState(0);
  const navigate = useNavigate();
  const targets = targetsOf(text);
  const go = (target: Target | undefined) => {
    if (target === undefined) return;
    onDone();
    void navigate({ to: target.to });
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setPlace((place + step + targets.length) % Math.max(targets.length, 1));
    }
    if (event.key === 'Enter') go(targets[place]);
  };
  return (
    <>
      <input
        className={css.input}
        role="combobox"
        aria-label="Page or id"
        aria-expanded="true"
        aria-controls={LIST}
        aria-activedescendant={targets.length === 0 ? undefined : `${LIST}-${place}`}
        placeholder="A page, or an id: del_… evt_… ep_… rpl_…"
        value={text}
        spellCheck={false}
        onChange={(event) => {
          setText(event.target.value);
          setPlace(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div className={css.list} id={LIST} role="listbox" aria-label="Matches">
        {targets.map((target, index) => (
          <button
            key={target.to}
            id={`${LIST}-${index}`}
            type="button"
            role="option"
            tabIndex={-1}
            aria-selected={index === place}
            className={css.item}
            onClick={() => go(target)}
          >
            <Icon name={target.icon} size={14} />
            {target.text}
          </button>
        ))}
      </div>
      {targets.length === 0 ? <p className={css.none}>No page is called so, and no id reads so.</p> : null}
    </>
  );
}
