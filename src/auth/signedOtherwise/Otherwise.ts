/** A text that a client may have signed in place of the right one, and what to tell it then: whole sentences. */
export type Otherwise = readonly [text: string, said: string];
