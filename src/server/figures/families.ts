/** Values of one metric, by the text of their labels; "" for the one that has none. */
export type Samples = ReadonlyMap<string, number>;

/** A metric and its values, in Prometheus' text format. */
export function family(name: string, type: "counter" | "gauge", help: string, samples: Samples): string {
  let text = heading(name, type, help);
  for (const [labels, value] of samples) text += `${name}${labels} ${value}\n`;
  return text;
}

/** The same for a metric that may have no values yet: then nothing says that there is one. */
export function familyIfAny(name: string, type: "counter" | "gauge", help: string, samples: Samples): string[] {
  return samples.size === 0 ? [] : [family(name, type, help, samples)];
}

/** What stands before the values of a metric. */
export function heading(name: string, type: string, help: string): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
}

/** The value of a metric without labels. */
export function one(value: number): Samples {
  return new Map([["", value]]);
}
