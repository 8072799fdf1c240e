/// What an object is by its internal slots, which no guest can fake. The numbers are those of miniracer.h
/// (`MINIRACER_OBJECT_PLAIN` and so on), which the probe's JavaScript knows as well.
enum ObjectKind: Int, Sendable {
  case plain = 0
  case array, function, error, date, regExp, promise, map, set
  case weakMap, weakSet, weakRef
  case arrayBuffer, sharedArrayBuffer, typedArray, dataView
  case proxy, generator, boxed, arguments, moduleNamespace, wasm
}
