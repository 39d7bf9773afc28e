/** A library's exports without written types: its declarations name what heddle/_thread exports. */
import { allocateLock, type RLock, startJoinableThread, type ThreadHandle } from "heddle/_thread";

export const held = () => allocateLock().hold();
export const heldSync = () => allocateLock().holdSync();
export const acquire = (lock: RLock) => lock.acquire;
export const joined = (handle: ThreadHandle) => handle.join();
export const started = startJoinableThread;
