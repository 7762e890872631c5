import type { Keys } from "./Keys.ts";

/** No keys, for commands that need none: whoever asks for one is wrong. */
export const ABSENT_KEYS: Keys = {
  get masters(): never {
    throw new Error("this store was opened without its keys");
  },
  get service(): never {
    throw new Error("this store was opened without its keys");
  },
};
