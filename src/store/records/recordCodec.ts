import { FieldReader, FieldWriter } from "./fields.ts";
import type { Codec } from "./Row.ts";

/**
 * Records as bytes, and back, by tables of their fields. Tags are for ever: a tag once used keeps its meaning, a field no longer written
 * is still read. `test/store/records/codecs.test.ts` holds samples of every format ever written; they decode for ever.
 */

/** A record that is being read. */
export type Draft<Record> = { -readonly [Member in keyof Record]: Record[Member] };

/** One tag of a record, and what of the record it holds. */
export interface Field<Record> {
  readonly tag: number;
  /** Absent where another tag's writes this one too, as in groups that are repeated. */
  readonly write?: (record: Record, out: FieldWriter) => void;
  /** Takes the value of the field that the reader stands on. */
  readonly read: (fields: FieldReader, draft: Draft<Record>) => void;
}

/** What a record is made of. A part of it may be spread over several tags. */
export type FieldTable<Record> = readonly (Field<Record> | readonly Field<Record>[])[];

/** The members of a record that have this type. */
type Members<Record, Type> = { [Member in keyof Record]-?: Record[Member] extends Type ? Member : never }[keyof Record];

/** A codec of records; `empty` makes one as it is without any field. */
export function recordCodec<Record>(empty: () => Record, table: FieldTable<Record>): Codec<Record, Buffer> {
  const fields = table.flat().toSorted((one, other) => one.tag - other.tag);
  const writers = fields.flatMap(({ write }) => write ?? []);
  const readers = readersByTag(fields);
  return {
    encode(record, key) {
      const out = new FieldWriter();
      for (const write of writers) write(record, out);
      return out.finish(key);
    },
    decode(bytes, key) {
      const draft = empty();
      const reader = new FieldReader(bytes, key);
      for (let tag = reader.next(); tag !== 0; tag = reader.next()) if (tag < readers.length) readers[tag]?.(reader, draft);
      return draft;
    },
  };
}

type Readers<Record> = readonly (Field<Record>["read"] | undefined)[];

function readersByTag<Record>(fields: readonly Field<Record>[]): Readers<Record> {
  const tags = 1 + Math.max(...fields.map(({ tag }) => tag));
  // Without holes: those would be looked for in the prototypes.
  const readers = Array.from<Field<Record>["read"] | undefined>({ length: tags }).fill(undefined);
  for (const { tag, read } of fields) readers[tag] = read;
  return readers;
}

/** A whole number from 0. `undefined` takes no room, and neither does `unwritten`, which must be what an empty record has. */
export function integer<Record>(tag: number, member: Members<Record, number | undefined>, unwritten?: number): Field<Record> {
  return {
    tag,
    write(record, out) {
      const value = record[member] as number | undefined;
      if (value !== unwritten) out.integer(tag, value);
    },
    read: (fields, draft) => void (draft[member] = fields.integer as never),
  };
}

/** Whether something is so. What is not takes no room. */
export function flag<Record>(tag: number, member: Members<Record, boolean>): Field<Record> {
  return {
    tag,
    write: (record, out) => out.integer(tag, record[member] === true ? 1 : undefined),
    read: (fields, draft) => void (draft[member] = (fields.integer === 1) as never),
  };
}

/** Any text. `undefined` takes no room, and neither does `unwritten`, which must be what an empty record has. */
export function text<Record>(tag: number, member: Members<Record, string | undefined>, unwritten?: string): Field<Record> {
  return {
    tag,
    write(record, out) {
      const value = record[member] as string | undefined;
      if (value !== unwritten) out.text(tag, value);
    },
    read: (fields, draft) => void (draft[member] = fields.text() as never),
  };
}

/** Text that mostly is hexadecimal, and takes half the room then. `undefined` takes none. */
export function id<Record>(tag: number, member: Members<Record, string | undefined>): Field<Record> {
  return {
    tag,
    write: (record, out) => out.id(tag, record[member] as string | undefined),
    read: (fields, draft) => void (draft[member] = fields.text() as never),
  };
}

/** Names and the numbers that stand for them, for ever. */
export interface NumberedNames<Name extends string> {
  readonly numbers: Readonly<Record<Name, number>>;
  readonly names: readonly (Name | undefined)[];
}

/** Names, given their numbers. */
export function numberedNames<Name extends string>(numbers: Readonly<Record<Name, number>>): NumberedNames<Name> {
  const names: (Name | undefined)[] = [];
  for (const one of Object.keys(numbers) as Name[]) names[numbers[one]] = one;
  return { numbers, names };
}

/**
 * One of some names, or `undefined`. Neither that nor `unwritten`, which must be what an empty record has, takes any room. A number of a
 * later version, which stands for no name here, is read as what takes none.
 */
export function oneOf<Record, Name extends string>(
  tag: number,
  member: Members<Record, Name | undefined>,
  { numbers, names }: NumberedNames<Name>,
  unwritten?: Name,
): Field<Record> {
  return {
    tag,
    write(record, out) {
      const name = record[member] as Name | undefined;
      if (name !== unwritten) out.integer(tag, numbers[name as Name]);
    },
    read: (fields, draft) => void (draft[member] = (names[fields.integer] ?? unwritten) as never),
  };
}

/** The members of a member. */
export function within<Record, Member extends keyof Record>(
  member: Member,
  table: readonly Field<Record[Member]>[],
): Field<Record>[] {
  return table.map(({ tag, write, read }) => ({
    tag,
    ...(write !== undefined && { write: (record: Record, out: FieldWriter) => write(record[member], out) }),
    read: (fields, draft) => read(fields, draft[member]),
  }));
}

/** A list of texts. */
export function texts<Record>(tag: number, member: Members<Record, readonly string[]>): Field<Record> {
  return {
    tag,
    write(record, out) {
      for (const value of record[member] as readonly string[]) out.text(tag, value);
    },
    read: (fields, draft) => void (draft[member] as string[]).push(fields.text()),
  };
}

/** A list. Each item begins with the first tag of the table; the fields behind it, up to the next such tag, belong to it. */
export function list<Record, Item>(
  member: Members<Record, readonly Item[]>,
  empty: () => Item,
  table: readonly Field<Item>[],
): Field<Record>[] {
  return table.map(({ tag, read }, index) => {
    const itemsOf = (record: Record | Draft<Record>): Item[] => record[member] as Item[];
    if (index > 0) {
      return {
        tag,
        read(fields, draft) {
          const item = itemsOf(draft).at(-1);
          // Damage to a record without a checksum may leave the rest of an item without its beginning.
          if (item !== undefined) read(fields, item);
        },
      };
    }
    return {
      tag,
      write(record, out) {
        for (const item of itemsOf(record)) for (const { write } of table) write?.(item, out);
      },
      read(fields, draft) {
        const item = empty();
        read(fields, item);
        itemsOf(draft).push(item);
      },
    };
  });
}
