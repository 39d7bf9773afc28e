/** Puts exports of the main module into an object, of which they are then the methods. */
import { add, append } from "./given-back.mjs";

export const methods = () => ({ add, append });
