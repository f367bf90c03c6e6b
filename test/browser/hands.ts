import type { Locator, Page } from 'playwright-core';

const MOST_STEPS = 250;

/** Both ways to tell a story. */
export const HANDS: readonly (readonly [name: string, hands: (page: Page) => Hands])[] = [
  ['mouse', mouse],
  ['keyboard', keyboard],
];

type Role = 'button' | 'link' | 'textbox' | 'combobox' | 'checkbox' | 'menuitem';

/** How a story acts: by the names of things alone, whatever moves. */
export interface Hands {
  /** @param within the name of the navigation that it stands in, where others are called so, too */
  press(role: Role, name: string | RegExp, within?: string): Promise<void>;
  fill(label: string | RegExp, text: string): Promise<void>;
  /** Comes to a part of the page that is longer than its place, as whoever scrolls it does. */
  reach(region: string): Promise<void>;
  /** Takes the one of a list whose text matches. */
  choose(label: string, text: RegExp): Promise<void>;
}

/** The mouse, which sees. */
export function mouse(page: Page): Hands {
  return {
    press: async (role, name, within) => await find(page, { role, name, within }).first().click(),
    fill: async (label, text) => await page.getByLabel(label).first().fill(text),
    reach: async (name) => await page.getByRole('region', { name, exact: true }).hover(),
    choose: async (label, text) =>
      void (await page.getByLabel(label).selectOption(await optionOf(page, label, text))),
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
    reach: async (name) => await goTo(page, page.getByRole('region', { name, exact: true })),
    choose: async (label, text) => {
      const list = page.getByLabel(label);
      await goTo(page, list);
      const wanted = await optionOf(page, label, text);
      for (let step = 0; (await list.inputValue()) !== wanted; step += 1) {
        if (step === MOST_STEPS) throw new Error(`the keyboard does not come to ${String(text)}`);
        await page.keyboard.press('ArrowDown');
      }
    },
  };
}

async function optionOf(page: Page, label: string, text: RegExp): Promise<string> {
  const option = page.getByLabel(label).locator('option', { hasText: text });
  await option.waitFor({ state: 'attached' });
  return (await option.getAttribute('value')) ?? '';
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
