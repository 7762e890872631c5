/** So many contents are remembered; the one that was noted first is forgotten first. */
const MAX_CONTENTS = 1_000;

/** Damage lies no further behind the last whole byte that came of a read: so far readers read ahead, and twice that. */
const MAX_EXTENT_SIZE_BYTES: number = 4 * 1024 * 1024;

/**
 * Where reads found bytes of objects damaged in the middle, when their answers had begun: what is read there next is proven first, and refused
 * before an answer begins. Otherwise a client would fetch the same bytes up to the same place again and again.
 */
export class KnownDamage {
  readonly #offsets = new Map<string, number>();

  /** A read of a content has found damage behind an offset, up to which all was whole. */
  note(contentId: string, offset: number): void {
    this.#offsets.delete(contentId);
    this.#offsets.set(contentId, offset);
    if (this.#offsets.size > MAX_CONTENTS) this.#offsets.delete(this.#offsets.keys().next().value!);
  }

  /** What of the bytes from `start` (inclusive) to `end` (exclusive) has to be proven first; `undefined`: nothing. */
  within(contentId: string, start: number, end: number): { readonly start: number; readonly end: number } | undefined {
    const offset = this.#offsets.get(contentId);
    if (offset === undefined) return undefined;
    const doubted = { start: Math.max(start, offset), end: Math.min(end, offset + MAX_EXTENT_SIZE_BYTES) };
    return doubted.start < doubted.end ? doubted : undefined;
  }
}
