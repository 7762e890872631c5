import { STORAGE_CLASSES, storageClassNamed } from "../store/objects/storageClasses.ts";
import { OptionError } from "./OptionError.ts";

const NAME_AND_FOLDER = /^([^=]*)=(.+)$/s;

/** The folders of storage classes, by class, of option values "NAME=FOLDER". Throws `OptionError`. */
export function readStorageClassFolders(values: readonly string[], origin: string): ReadonlyMap<string, string> {
  const folders = new Map<string, string>();
  for (const value of values) {
    const [, name, folder] = NAME_AND_FOLDER.exec(value) ?? [];
    if (name === undefined || folder === undefined) {
      throw new OptionError(
        `${origin}: "${value}" must be a storage class and its folder, with "=" between: GLACIER=/mnt/archive.`,
      );
    }
    if (storageClassNamed(name) === undefined) {
      const known = STORAGE_CLASSES.map((one) => one.name).join(", ");
      throw new OptionError(`${origin}: there is no storage class "${name}"; there are ${known}.`);
    }
    if (folders.has(name)) throw new OptionError(`${origin} names the storage class ${name} twice.`);
    folders.set(name, folder);
  }
  return folders;
}
