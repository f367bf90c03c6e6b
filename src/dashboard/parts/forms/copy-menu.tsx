import { Menu } from '@base-ui/react/menu';
import { buttonClass } from '../basics/button.tsx';
import { Icon } from '../basics/icon.tsx';
import css from './copy-menu.module.css';
import { notify } from './notices.tsx';

interface CopyItem {
  readonly name: string;
  readonly text: string;
}

/** What can be copied of a thing, one text an entry. */
export function CopyMenu({ items }: { readonly items: readonly CopyItem[] }) {
  return (
    <Menu.Root>
      <Menu.Trigger className={buttonClass()} aria-label="More">
        <Icon name="more" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className={css.layer} sideOffset={4} align="end">
          <Menu.Popup className={css.menu}>
            {items.map(({ name, text }) => (
              <Menu.Item key={name} className={css.item} onClick={() => void copy(name, text)}>
                <Icon name="copy" size={14} />
                {name}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

async function copy(name: string, text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
  notify(`${name}: done.`);
}
