/** A module that the main thread's loop loads when a thread asks for it, and not before. */
import type { Event } from "heddle/threading";

export async function begin(begun: Event): Promise<void> {
  begun.set();
}
