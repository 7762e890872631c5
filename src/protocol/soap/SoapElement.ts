import { quoted } from "../../errors/quoted.ts";
import type { S3Error } from "../../errors/S3Error.ts";
import { parseDateTime } from "./dateTime.ts";
import { invalidSoapRequest } from "./invalidSoapRequest.ts";

/** An element of a message. Prefixes and namespaces of S3's elements mean nothing: clients have sent them with any, and with none. */
export interface SoapElement {
  /** Without prefix. */
  readonly name: string;
  /** Of its own text, without that of elements in it. */
  text: string;
  readonly children: SoapElement[];
  /** The type that `xsi:type` names, without prefix. */
  readonly type: string | undefined;
  /** True for one that says it is not there: `xsi:nil="true"`. */
  readonly isNil: boolean;
}

/** The children of an element by name. Unknown ones are passed over: AWS's own samples have some. */
export class SoapFields {
  readonly #parent: SoapElement;

  constructor(parent: SoapElement) {
    this.#parent = parent;
  }

  /** Every element of this name that is there, in order. */
  all(name: string): readonly SoapElement[] {
    return this.#parent.children.filter((child) => child.name === name && !child.isNil);
  }

  /** The one element of this name; `undefined` where there is none. Throws InvalidSOAPRequest for several. */
  element(name: string): SoapElement | undefined {
    return this.#some(name, 1)[0];
  }

  /** The children of each element of this name, of which there can be `most`. Throws InvalidSOAPRequest. */
  repeated(name: string, most: number): readonly SoapFields[] {
    return this.#some(name, most).map((element) => new SoapFields(element));
  }

  /** The text of an element that has no elements in it. Throws InvalidSOAPRequest. */
  text(name: string): string | undefined {
    const element = this.element(name);
    return element && textIn(element);
  }

  /** The same, of an element that must be there. Throws InvalidSOAPRequest. */
  required(name: string): string {
    const text = this.text(name);
    if (text === undefined) throw this.missing(name);
    return text;
  }

  /** The texts of all elements of this name, of which there can be `most`. Throws InvalidSOAPRequest. */
  texts(name: string, most: number): readonly string[] {
    return this.#some(name, most).map(textIn);
  }

  /** Throws InvalidSOAPRequest for anything but true, false, 1 and 0. */
  boolean(name: string): boolean | undefined {
    const text = this.text(name)?.trim();
    if (text === undefined) return undefined;
    if (text === "true" || text === "1") return true;
    if (text === "false" || text === "0") return false;
    throw invalidSoapRequest(`${name} is ${quoted(text)}; it can be true, false, 1 and 0.`);
  }

  /** A whole number with or without a sign, as text: what is wrong with its value, operations say. Throws InvalidSOAPRequest. */
  integer(name: string): string | undefined {
    const text = this.text(name)?.trim();
    if (text === undefined || INTEGER.test(text)) return text?.replace("+", "");
    throw invalidSoapRequest(`${name} is ${quoted(text)}; it must be a whole number.`);
  }

  /** A whole number from 0. Throws InvalidSOAPRequest for anything else, and for what JavaScript cannot count. */
  count(name: string): number | undefined {
    const text = this.text(name)?.trim();
    if (text === undefined) return undefined;
    const value = COUNT.test(text) ? Number(text) : Number.NaN;
    if (Number.isSafeInteger(value)) return value;
    throw invalidSoapRequest(`${name} is ${quoted(text)}; it must be a whole number from 0.`);
  }

  /** A time, in milliseconds since 1970. Throws InvalidSOAPRequest for what is none. */
  dateTime(name: string): number | undefined {
    const text = this.text(name)?.trim();
    if (text === undefined) return undefined;
    const time = parseDateTime(text);
    if (time !== undefined) return time.truncatedMs;
    throw invalidSoapRequest(`${name} is ${quoted(text)}; it must be a time such as 2026-03-01T12:00:00.000Z.`);
  }

  #some(name: string, most: number): readonly SoapElement[] {
    const found = this.all(name);
    if (found.length <= most) return found;
    throw invalidSoapRequest(`${this.#parent.name} has ${found.length} elements ${name}; it can have ${most}.`);
  }

  /** The error of an element that must be there. */
  missing(name: string): S3Error {
    return invalidSoapRequest(`${this.#parent.name} lacks its element ${name}.`);
  }
}

const INTEGER = /^[+-]?\d{1,19}$/;
const COUNT = /^\+?\d{1,16}$/;

function textIn(element: SoapElement): string {
  const [child] = element.children;
  if (child !== undefined) throw invalidSoapRequest(`${element.name} holds text, not an element ${quoted(child.name)}.`);
  return element.text;
}
