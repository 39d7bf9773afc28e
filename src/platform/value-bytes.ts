/** Values as bytes, written and read as structured clone copies them, where `node:v8` can. */
import { Deserializer, Serializer } from "node:v8";

/** Refuses what cannot be bytes: shared memory, and objects of the runtime's own. */
class ValueSerializer extends Serializer {
  // Called by the engine, under these names.

  _getDataCloneError = Error;

  _getSharedArrayBufferId(): never {
    throw new Error("A SharedArrayBuffer could not be cloned");
  }

  _writeHostObject(object: object): never {
    throw new Error(`A ${object.constructor.name} could not be cloned`);
  }
}

export function serialize(value: unknown): Uint8Array {
  const serializer = new ValueSerializer();
  serializer.writeHeader();
  serializer.writeValue(value);
  return serializer.releaseBuffer();
}

export function deserialize(bytes: Uint8Array): unknown {
  const deserializer = new Deserializer(bytes);
  deserializer.readHeader();
  return deserializer.readValue() as unknown;
}
