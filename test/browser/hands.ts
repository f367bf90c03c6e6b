import type { Locator, Page } from 'playwright-core';

const MOST_STEPS = 250;

type Role = 'button' | 'link' | 'textbox' | 'combobox' | 'checkbox' | 'menuitem';

/** How a story acts: by the names of things alone, whatever moves. */
export interface Hands {
  /** @param within the name of the navigation that it stands in, where others are called so, too */
  press(role: Role, name: string | RegExp, within?: string): Promise<void>;
  fill(label: string | RegExp, text: string): Promise<void>;
}

/** The mouse, which sees. */
export function mouse(page: Page): Hands {
  return {
    press: async (role, name, within) => await find(page, { role, name, within }).first().click(),
    fill: async (label, text) => await page.getByLabel(label).first().fill(text),
  };
}

/** The keyboard alone: goes on by Tab until what has the focus is called so, as a screen reader would call it. */
export function keyboard(page: Page): Hands {
  return {
    press: async (role, name, within) => {
      await goTo(page, find(page, { role, name, within }));
      await page.keyboard.press(role === 'checkbox' ? 'Space' : 'Enter');
    },
    fill: async (label, text) => {
      await goTo(page, page.getByLabel(label));
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.insertText(text);
    },
  };
}

interface Wanted {
  readonly role: Role;
  readonly name: string | RegExp;
  readonly within: string | undefined;
}

function find(page: Page, { role, name, within }: Wanted): Locator {
  const place = within === undefined ? page : page.getByRole('navigation', { name: within });
  return place.getByRole(role, { name });
}

async function goTo(page: Page, target: Locator): Promise<void> {
  await target.first().waitFor();
  const focused = target.and(page.locator(':focus'));
  for (let step = 0; step < MOST_STEPS; step += 1) {
    if ((await focused.count()) > 0) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the keyboard does not come to ${String(target)}`);
}
