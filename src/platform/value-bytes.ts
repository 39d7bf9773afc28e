/** Values as bytes, written and read as structured clone copies them, where `node:v8` can. */
import type { Serializer } from "node:v8";
import { v8 } from "./builtins.ts";

/** Refuses what cannot be bytes: shared memory, and objects of the runtime's own. */
let ValueSerializer: (new () => Serializer) | undefined;

function valueSerializer(): new () => Serializer {
  return (ValueSerializer ??= class extends v8().Serializer {
    // Called by the engine, under these names.

    _getDataCloneError = Error;

    _getSharedArrayBufferId(): never {
      throw new Error("A SharedArrayBuffer could not be cloned");
    }

    _writeHostObject(object: object): never {
      throw new Error(`A ${object.constructor.name} could not be cloned`);
    }
  });
}

export function serialize(value: unknown): Uint8Array {
  const serializer = new (valueSerializer())();
  serializer.writeHeader();
  serializer.writeValue(value);
  return serializer.releaseBuffer();
}

export function deserialize(bytes: Uint8Array): unknown {
  const deserializer = new (v8().Deserializer)(bytes);
  deserializer.readHeader();
  return deserializer.readValue() as unknown;
}
