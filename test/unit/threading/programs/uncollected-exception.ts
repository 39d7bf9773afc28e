import { isMainThread } from "heddle";
import { Thread } from "heddle/threading";

if (isMainThread) {
  const fail = (): never => {
    throw new RangeError("nobody joins");
  };
  new Thread({ target: fail, name: "lonely" }).start();
  console.log("the program goes on");
}
