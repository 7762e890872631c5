/** What can be wrong with a policy. Each kind of policy has its own texts for it. */
export type Fault =
  | { readonly kind: "not-an-object" | "not-json" | "old-version" | "empty-policy" | "not-principal" | "not-applicable" }
  | {
      readonly kind: "version" | "effect" | "action" | "resource" | "operator" | "key" | "mismatch" | "sid" | "sid-form";
      readonly value: string;
    }
  | { readonly kind: "unknown" | "repeated" | "missing" | "empty" | "wrong-type" | "prohibited"; readonly element: string }
  | { readonly kind: "principal"; readonly element: string; readonly value: string }
  | { readonly kind: "value"; readonly operator: string; readonly value: string };

/** How policies of one kind refuse a fault; never returns. `plain` says in a sentence what is wrong. */
export type Refuse = (fault: Fault, plain: string) => never;

/** Refuses something in a statement; the clause follows "Statement 2: ". */
export type StatementRefuse = (fault: Fault, clause: string) => never;
