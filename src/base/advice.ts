/**
 * The advice for a function that is refused, in the words of what the program called: messages say
 * `submit(fn, x)`, which is of no help to a program that has a thread's target refused.
 */
import { NotShippableError } from "../errors.ts";

/** Writes how a program gives values to a function that it ships: `new Thread({ target: fn, args: [x] })`. */
export type Giving = (fn: string, values: string) => string;

/** Writes a call that takes the function's arguments as a list. */
export const asList =
  (call: string): Giving =>
  (fn, values) =>
    `${call}(${fn}, [${values}])`;

/** Writes an object that takes a function and its arguments. */
export const asTarget =
  (name: string): Giving =>
  (fn, values) =>
    `new ${name}({ target: ${fn}, args: [${values}] })`;

const SUBMIT = /\bsubmit\((fn|\(self\) => …), ([^)]*)\)/g;

/** The error, with advice that fits. */
export function advised<E>(error: E, giving: Giving): E {
  if (!(error instanceof NotShippableError)) return error;
  const { message, stack } = error;
  const fitting = message.replace(SUBMIT, (_, fn: string, values: string) => giving(fn, values));
  error.message = fitting;
  if (stack !== undefined) error.stack = stack.replace(message, () => fitting);
  return error;
}

/** Runs what ships a function; its refusal has advice that fits. */
export function withAdvice<R>(giving: Giving, ship: () => R): R {
  try {
    return ship();
  } catch (error) {
    throw advised(error, giving);
  }
}
