/**
 * Fills the registry of shared objects. The entry of this folder imports this for that effect alone.
 *
 * It is deliberately not among the modules with side effects in package.json: a bundler leaves it
 * out, and with it the classes that the program does not use.
 */
import { provideKindsByImport } from "../program/load-kinds.ts";
import { fillLockKinds } from "./kinds.ts";

fillLockKinds();
provideKindsByImport();
