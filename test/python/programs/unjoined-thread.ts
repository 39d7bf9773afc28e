import { isMainThread } from "heddle";
import { Thread } from "heddle/threading";

if (isMainThread) {
  new Thread({ target: () => console.log("ran") }).start();
  console.log("started");
}
