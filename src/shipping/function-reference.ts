/** How a function is named so that another thread can find or rebuild it. Plain and cloneable. */
export type FunctionReference = ModuleReference | TaskReference | SourceReference | SliceReference;

/** A function that a module exports. */
export interface ModuleReference {
  readonly kind: "module";
  readonly url: string;
  /** `resize`, or `Image.resize` for a function that is a property of an export. */
  readonly exportName: string;
  /**
   * The text of the function, when the export could not be compared with it
   * because its module was still being evaluated. The worker compares the texts.
   */
  readonly sourceText: string | undefined;
}

/** A function that was marked with `task()`. */
export interface TaskReference {
  readonly kind: "task";
  readonly url: string;
  readonly key: string;
}

/** A function that uses nothing from outside itself. */
export interface SourceReference {
  readonly kind: "source";
  /** The body of a function that returns the function. */
  readonly body: string;
  readonly name: string;
  /** Tells functions of one text apart that have properties of their own; empty for others. */
  readonly id: string;
}

/** A function with what it uses of its module. */
export interface SliceReference {
  readonly kind: "slice";
  /** The module that it stands in. */
  readonly url: string;
  /** The virtual module that exports it. */
  readonly sliceUrl: string;
  readonly exportName: string;
  readonly name: string;
  /** As of a {@link SourceReference}. */
  readonly id: string;
  /** What the module itself exports it as, if it does. */
  readonly own: string | undefined;
  /** The texts of the virtual modules, by their URLs. */
  readonly texts: Readonly<Record<string, string>>;
  /** What it reads of other modules that may be something else in a worker. */
  readonly state: readonly ModuleState[];
}

/** What a function reads of a module whose exports may change. */
export interface ModuleState {
  readonly url: string;
  readonly reads: readonly StateRead[];
}

export interface StateRead {
  /** The names that lead to it: of the export, and of properties. */
  readonly path: readonly string[];
  /** What it was where the function was submitted: see module-state.ts. */
  readonly print: string;
  /** Whether it was nothing there yet, which a worker may have set up for itself. */
  readonly isUnset: boolean;
  /** Why the function is refused where it is something else. */
  readonly refusal: string;
  readonly name: string;
}
