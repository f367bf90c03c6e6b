import type { FrameLocator, Locator, Page } from 'playwright-core';

const MOST_STEPS = 250;
const SCROLLED_PX = 200;

/** Where hands act: on a page, or in a frame of it. */
type Place = Page | FrameLocator;
/** The hands on a page; in a frame of it where that is given. */
type HandsOf = (page: Page, place?: Place) => Hands;

/** Both ways to tell a story. */
export const HANDS: readonly (readonly [name: string, hands: HandsOf])[] = [
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
  /** Comes to a thing, and leaves it as it is. */
  rest(role: Role, name: string | RegExp): Promise<void>;
  /** Scrolls a part of the page down a little. */
  scroll(region: string): Promise<void>;
  /** Takes the one of a list whose text matches. */
  choose(label: string, text: RegExp): Promise<void>;
}

/** The mouse, which sees. */
export function mouse(page: Page, place: Place = page): Hands {
  return {
    press: async (role, name, within) => await find(place, { role, name, within }).first().click(),
    fill: async (label, text) => await place.getByLabel(label).first().fill(text),
    reach: async (name) => await place.getByRole('region', { name, exact: true }).hover(),
    rest: async (role, name) => await place.getByRole(role, { name }).first().hover(),
    scroll: async (name) => {
      await place.getByRole('region', { name, exact: true }).hover();
      await page.mouse.wheel(0, SCROLLED_PX);
    },
    choose: async (label, text) =>
      void (await place.getByLabel(label).selectOption(await optionOf(place, label, text))),
  };
}

/** The keyboard alone: goes on by Tab until what has the focus is called so, as a screen reader would call it. */
export function keyboard(page: Page, place: Place = page): Hands {
  const keys = page.keyboard;
  const goTo = async (target: Locator): Promise<void> => {
    await target.first().waitFor();
    const focused = target.and(place.locator(':focus'));
    for (let step = 0; (await focused.count()) === 0; step += 1) {
      if (step === MOST_STEPS) throw new Error(`the keyboard does not come to ${String(target)}`);
      await keys.press('Tab');
    }
  };
  return {
    press: async (role, name, within) => {
      await goTo(find(place, { role, name, within }));
      await keys.press(role === 'checkbox' ? 'Space' : 'Enter');
    },
    fill: async (label, text) => {
      await goTo(place.getByLabel(label));
      await keys.press('ControlOrMeta+A');
      await keys.insertText(text);
    },
    reach: async (name) => await goTo(place.getByRole('region', { name, exact: true })),
    rest: async (role, name) => await goTo(place.getByRole(role, { name })),
    scroll: async (name) => {
      await goTo(place.getByRole('region', { name, exact: true }));
      await keys.press('PageDown');
    },
    choose: async (label, text) => {
      const list = place.getByLabel(label);
      await goTo(list);
      const wanted = await optionOf(place, label, text);
      for (let step = 0; (await list.inputValue()) !== wanted; step += 1) {
        if (step === MOST_STEPS) throw new Error(`the keyboard does not come to ${String(text)}`);
        await keys.press('ArrowDown');
      }
    },
  };
}

async function optionOf(place: Place, label: string, text: RegExp): Promise<string> {
  const option = place.getByLabel(label).locator('option', { hasText: text });
  await option.waitFor({ state: 'attached' });
  return (await option.getAttribute('value')) ?? '';
}

interface Wanted {
  readonly role: Role;
  readonly name: string | RegExp;
  readonly within: string | undefined;
}

function find(place: Place, { role, name, within }: Wanted): Locator {
  const part = within === undefined ? place : place.getByRole('navigation', { name: within });
  return part.getByRole(role, { name });
}
