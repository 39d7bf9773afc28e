import process from "node:process";
import { isMainThread } from "heddle";
import { currentThread, mainThread, Thread } from "heddle/threading";

if (isMainThread) {
  const early = new Thread({ target: () => 1 });
  early.start();
  await early.join();
  process.on("exit", () => {
    console.log(`MainThread is current: ${currentThread() === mainThread()}`);
    try {
      new Thread({ target: () => console.log("must not run") }).start();
    } catch (error) {
      console.log(String(error));
    }
  });
}
