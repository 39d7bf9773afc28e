/** How a function is named so that another thread can find or rebuild it. Plain and cloneable. */
export type FunctionReference = ModuleReference | TaskReference | SourceReference;

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
}
