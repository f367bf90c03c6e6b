import { Menu } from '@base-ui/react/menu';
import { buttonClass } from '../basics/button.tsx';
import { Icon } from '../basics/icon.tsx';
import css from './copy-menu.module.css';
import { notify, notifyFailure } from './notices.tsx';

interface CopyItem {
  readonly name: string;
  /** As it is, or as it is fetched when it is wanted. */
  readonly text: string | (() => Promise<string>);
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
            {items.map((item) => (
              <Menu.Item key={item.name} className={css.item} onClick={() => void copy(item)}>
                <Icon name="copy" size={14} />
                {item.name}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

async function copy({ name, text }: CopyItem): Promise<void> {
  try {
    await navigator.clipboard.writeText(typeof text === 'string' ? text : await text());
    notify(`${name}: done.`);
  } catch (error) {
    notifyFailure(error);
  }
}
