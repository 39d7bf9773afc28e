/** What users can wait for by a promise, according to the reports of heddle's public names in `api/`. */
import { type Declaration, balanced, declarations, genericsOf, membersOf } from "./report.ts";

/** Types of what functions return that can be waited for, at once or step by step. */
const RESULTS =
  /^(?:Waiting|Awaitable|Promise|Future|Future_2|Task|AsyncResult|IMapIterator|MapResult|Completions|CompletedFutures|AsyncIterableIterator)\b/;
/** Types of such fields: a field that is a task says which one, and is not there to be awaited. */
const FIELDS = /^(?:Promise|Waiting|AsyncIterable)\b|^\(\) => Promise\b/;

/** Each function, method and field of such a type, as `module Class.method`, sorted. */
export function waits(): string[] {
  // A class that several modules have is listed once, for the last of them.
  const homes = new Map(declarations().map((declaration) => [bodyOf(declaration), declaration]));
  const found = [...homes.values()].flatMap((declaration) =>
    waitsOf(declaration).map((name) => `${declaration.module} ${name}`),
  );
  return [...new Set(found)].toSorted();
}

function bodyOf({ kind, name, text }: Declaration): string {
  return `${kind} ${name} ${text.slice(kind === "function" ? 0 : text.indexOf("{")).trim()}`;
}

function waitsOf({ kind, name: declared, text }: Declaration): string[] {
  const name = declared.replace(/_\d+$/, "");
  if (kind === "function") {
    const type = resultOf(text.slice(text.indexOf(declared) + declared.length));
    return RESULTS.test(type) ? [name] : [];
  }
  if (kind !== "class" && kind !== "interface") return [];
  return membersOf(text).flatMap((member) => {
    const [matched = "", key] =
      /^(?:static |override |abstract |readonly |get )*(\w+|\[[\w.]+\])\??/.exec(member) ?? [];
    if (key === undefined) return [];
    const rest = member.slice(matched.length);
    const isField = !/^[<(]/.test(rest) || matched.startsWith("get ");
    const isWait = isField
      ? FIELDS.test(rest.replace(/^(?:\(\))?: /, ""))
      : RESULTS.test(resultOf(rest));
    return isWait ? [`${name}.${key}`] : [];
  });
}

/** @param signature From the type parameters or the parenthesis on. */
function resultOf(signature: string): string {
  const generics = genericsOf(signature);
  const after = signature.slice(signature.indexOf(generics) + generics.length);
  const parameters = balanced(after, "(", ")");
  const from = after.indexOf("(") + parameters.length + 2;
  return after.slice(from).replace(/^: /, "");
}
