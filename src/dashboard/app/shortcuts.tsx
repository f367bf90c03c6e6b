import { Dialog } from '@base-ui/react/dialog';
import { useCallback, useState } from 'react';
import { Button } from '../parts/basics/button.tsx';
import { CheckField } from '../parts/forms/field.tsx';
import css from './jump.module.css';
import { SHORTCUTS, toggleShortcuts, useShortcuts, useShortcutsAreOn } from './use-shortcuts.ts';

/** Hears the keys of the console, and shows them by `?`. */
export function Shortcuts() {
  const [isOpen, setOpen] = useState(false);
  const areOn = useShortcutsAreOn();
  useShortcuts(useCallback(() => setOpen(true), []));
  return (
    <Dialog.Root open={isOpen} onOpenChange={setOpen}>
      <Dialog.Portal>
        <Dialog.Backdrop className={css.backdrop} />
        <Dialog.Popup className={`${css.popup} ${css.keys}`}>
          <Dialog.Title>Keys</Dialog.Title>
          <dl>
            {SHORTCUTS.map(({ keys, what }) => (
              <div key={keys}>
                <dt>
                  <kbd>{keys}</kbd>
                </dt>
                <dd>{what}</dd>
              </div>
            ))}
          </dl>
          <CheckField label="Single keys do this" checked={areOn} onChange={toggleShortcuts} />
          <Button onClick={() => setOpen(false)}>Close</Button>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
