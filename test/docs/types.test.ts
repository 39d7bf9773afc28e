/** The examples in docstrings, guides and the README compile: users have their types checked. */
import { documents, sources, testTypes } from "../support/doc-examples.ts";

testTypes([...documents(), ...sources(() => true)]);
