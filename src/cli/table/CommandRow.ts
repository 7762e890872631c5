/** What a value can be, for the shells' completion: words of its own, or one of the kinds that they look up. */
export type ValueKind = readonly string[] | "text" | "path" | "errorCode" | "operation" | "scenario" | "stage" | "command";

/** Something that stands for itself on a command line. */
export interface SubjectRow {
  /** What it is called in help, such as NAME. */
  readonly name: string;
  /** Left out: any text. */
  readonly kind?: ValueKind;
  readonly isOptional?: boolean;
  /** Whether it may be several words. */
  readonly isLong?: boolean;
}

/** A flag of a command. */
export interface FlagRow {
  /** Without "--". */
  readonly flag: string;
  /** What its value is called in help, such as FILE; a switch has none. */
  readonly value?: string;
  /** Left out: any text. */
  readonly kind?: ValueKind;
  readonly isRepeatable?: boolean;
  /** Whether it is an option of the server's, in a command that works on the server's data folder as the server is told to. */
  readonly isSetting?: boolean;
  /** What it says, in a line. */
  readonly doc: string;
}

/** One thing that a command does. */
export interface ActionRow {
  /** The words behind the command's name, such as "key add"; "" where the name says it all. */
  readonly words: string;
  readonly subject?: SubjectRow;
  /** The flags without which it does not know what to do. */
  readonly needs?: readonly FlagRow[];
  /** Its other flags. */
  readonly takes?: readonly FlagRow[];
  /** What stands in help for its flags, where they are too many for a line. */
  readonly flagsInShort?: string;
  /** What stands behind everything else, such as another command. */
  readonly tail?: string;
  /** What it does, in a line. */
  readonly doc: string;
}

/** A command: the single source of its parser, its help, the manual page and the shells' completion. */
export interface CommandRow {
  readonly name: string;
  /** What it is for, in a line. */
  readonly doc: string;
  readonly actions: readonly ActionRow[];
  /** The action that is meant where no word says another, by its words. */
  readonly usualWords?: string;
  /** Flags that all its actions take. */
  readonly shared: readonly FlagRow[];
  /** What else there is to know of it, in sentences. */
  readonly notes?: string;
}

/** Every flag of an action. */
export function flagsOfAction(command: CommandRow, { needs = [], takes = [] }: ActionRow): readonly FlagRow[] {
  return [...needs, ...takes, ...command.shared];
}

/** Every flag of a command, each once. */
export function flagsOfCommand(command: CommandRow): readonly FlagRow[] {
  const all = [...command.actions.flatMap(({ needs = [], takes = [] }) => [...needs, ...takes]), ...command.shared];
  return [...new Map(all.map((row) => [row.flag, row])).values()];
}
