/**
 * Which of this folder's classes are shared objects.
 *
 * Requests and replies of loops are received where nothing can wait for a class to be loaded:
 * so a thread that has loops for other threads has all classes.
 */
import { fillKind, LOOP } from "../../program/kinds.ts";
import { fillQueueKinds } from "../../queue/kinds.ts";
import { fillThreadingKinds } from "../../threading/kinds.ts";
import { RemoteLoop } from "./remote-loop.ts";

export function fillLoopKinds(): void {
  fillThreadingKinds();
  fillQueueKinds();
  fillKind(LOOP, () => new RemoteLoop());
}
