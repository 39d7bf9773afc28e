import { isMainThread } from "heddle";
import { Thread } from "heddle/threading";

export function child(): void {
  const endMs = performance.now() + 200;
  while (performance.now() < endMs);
  console.log("child ended");
}

export function parent(): void {
  new Thread({ target: child }).start();
  console.log("parent ended");
}

if (isMainThread) new Thread({ target: parent }).start();
