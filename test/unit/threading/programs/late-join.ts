import { isMainThread } from "heddle";
import { Event, setExcepthook, Thread, __excepthook__ } from "heddle/threading";

if (isMainThread) {
  const fail = (): never => {
    throw new RangeError("joined later");
  };
  const reported = new Event();
  setExcepthook((args) => {
    __excepthook__(args);
    reported.set();
  });
  const thread = new Thread({ target: fail, name: "late" });
  thread.start();
  await reported.wait();
  await thread.join().catch((error: unknown) => console.log(`joined: ${String(error)}`));
}
