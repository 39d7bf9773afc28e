/**
 * Where V8 says that a function stands, by the inspector, which answers at once and stops nothing.
 * To ask takes some 0.3 ms, and the first time 2.
 */
import { inspector } from "./builtins.ts";
import type { FunctionLocation, LoadedScript } from "./platform.ts";

/** What is used of the inspector's answers. */
interface Answer {
  readonly result: { readonly objectId: string };
  readonly scriptSource: string;
  readonly internalProperties?: readonly {
    readonly name: string;
    readonly value?: { readonly value?: V8Location };
  }[];
}

interface V8Location {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** The part of a session that is used: it calls back before `post` returns. */
interface Session {
  connect(): void;
  disconnect(): void;
  on(event: "Debugger.scriptParsed", listener: (message: ParsedScript) => void): void;
  post(
    method: string,
    parameters?: object,
    callback?: (error: unknown, answer: Answer) => void,
  ): void;
}

interface ParsedScript {
  readonly params: { readonly scriptId: string; readonly url: string };
}

/**
 * Where the inspector's expression finds the function: on a built-in module, which is one object
 * also for code that a test runner evaluates in a context of its own, with other globals.
 */
const PLACE = "heddle.located";

/** Implements {@link Server.functionLocation}. */
export function functionLocation(fn: Function): FunctionLocation | undefined {
  const location = inSession((session) => locate(session, fn));
  if (location === undefined) return undefined;
  const { scriptId, lineNumber, columnNumber } = location;
  return { line: lineNumber + 1, column: columnNumber + 1, script: () => scriptOf(scriptId) };
}

function locate(session: Session, fn: Function): V8Location | undefined {
  const place = Symbol.for(PLACE);
  const holder = inspector();
  Object.defineProperty(holder, place, { value: fn, configurable: true });
  try {
    const expression = `process.getBuiltinModule("node:inspector")[Symbol.for("${PLACE}")]`;
    const { objectId } = ask(session, "Runtime.evaluate", { expression }).result;
    const own = ask(session, "Runtime.getProperties", { objectId, ownProperties: true });
    return own.internalProperties?.find(({ name }) => name === "[[FunctionLocation]]")?.value
      ?.value;
  } finally {
    Reflect.deleteProperty(holder, place);
  }
}

function ask(session: Session, method: string, parameters: object): Answer {
  let answer: Answer | undefined;
  session.post(method, parameters, (error, given) => {
    if (!error) answer = given;
  });
  if (answer === undefined) throw new Error(method);
  return answer;
}

function scriptOf(scriptId: string): LoadedScript | undefined {
  return inSession((session) => {
    let url: string | undefined;
    session.on("Debugger.scriptParsed", ({ params }) => {
      if (params.scriptId === scriptId) url = params.url;
    });
    session.post("Debugger.enable"); // tells of all scripts that are there
    const { scriptSource } = ask(session, "Debugger.getScriptSource", { scriptId });
    session.post("Debugger.disable");
    return url === undefined ? undefined : { url, text: scriptSource };
  });
}

/** Undefined also where the inspector must not be used. */
function inSession<R>(use: (session: Session) => R): R | undefined {
  try {
    const session = new (inspector().Session)() as unknown as Session;
    session.connect();
    try {
      return use(session);
    } finally {
      session.disconnect();
    }
  } catch {
    return undefined;
  }
}
