/** Work that waits, by owner: owners take turns, and who has least under way is served first. */
export class FairQueue<T> {
  readonly #waiting = new Map<string, T[]>();
  readonly #underWay = new Map<string, number>();

  add(owner: string, item: T): void {
    const items = this.#waiting.get(owner);
    if (items === undefined) this.#waiting.set(owner, [item]);
    else items.push(item);
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  /** The next item, which counts as under way until `done`; undefined where none waits. */
  take(): { readonly owner: string; readonly item: T } | undefined {
    const owner = this.#nextOwner();
    const items = owner === undefined ? undefined : this.#waiting.get(owner);
    const item = items?.shift();
    if (owner === undefined || items === undefined || item === undefined) return undefined;
    // To the end of the line, if anything of theirs still waits.
    this.#waiting.delete(owner);
    if (items.length > 0) this.#waiting.set(owner, items);
    this.#underWay.set(owner, this.#countOf(owner) + 1);
    return { owner, item };
  }

  /** An item of this owner is under way no longer. */
  done(owner: string): void {
    const left = this.#countOf(owner) - 1;
    if (left > 0) this.#underWay.set(owner, left);
    else this.#underWay.delete(owner);
  }

  #nextOwner(): string | undefined {
    let best: string | undefined;
    for (const owner of this.#waiting.keys()) {
      if (this.#countOf(owner) === 0) return owner;
      if (best === undefined || this.#countOf(owner) < this.#countOf(best)) best = owner;
    }
    return best;
  }

  #countOf(owner: string): number {
    return this.#underWay.get(owner) ?? 0;
  }
}
