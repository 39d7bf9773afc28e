/** The public classes of objects that users hold, according to the reports in `api/`. */
import { type Declaration, declarations, declarationsOfModule } from "./report.ts";

/** Each class of a module that is neither abstract nor one of errors, as module and name, sorted. */
export function objectClasses(): (readonly [module: string, name: string])[] {
  const modules = [...new Set(declarations().map(({ module }) => module))].toSorted();
  return modules.flatMap((module) => {
    const inModule = declarationsOfModule(module);
    const parents = new Map(
      inModule.map((each) => [each.name, / extends (\w+)/.exec(headOf(each))?.[1]]),
    );
    const isError = (name: string | undefined): boolean =>
      name !== undefined && (name.endsWith("Error") || isError(parents.get(name)));
    return inModule
      .filter((each) => makesObjects(each) && !isError(each.name))
      .flatMap((each) => exportedNames(each, inModule))
      .toSorted()
      .map((name) => [module, name] as const);
  });
}

function headOf({ text }: Declaration): string {
  return text.slice(0, text.indexOf("{"));
}

function makesObjects(declaration: Declaration): boolean {
  const { kind, text } = declaration;
  if (kind === "class") return !/\babstract class\b/.test(headOf(declaration));
  return kind === "const" && /\bnew [<(]/.test(text);
}

/** Its own name, if it is exported by it, and those that it is exported by besides. */
function exportedNames({ name, isExported }: Declaration, inModule: readonly Declaration[]): string[] {
  const text = inModule.map((each) => each.text).join("\n");
  const aliases = text.matchAll(new RegExp(`^export \\{ ${name}(?: as (\\w+))? \\}`, "gm"));
  return [...(isExported ? [name] : []), ...[...aliases].map(([, alias = name]) => alias)];
}
