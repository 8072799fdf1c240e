// Maps and Sets, by the engine and not by their methods.
#pragma once

#include "miniracer.h"
#include "scope.h"

namespace miniracer {

miniracer_status NewMap(Scope& scope, miniracer_value* result);
miniracer_status NewSet(Scope& scope, miniracer_value* result);
miniracer_status CollectionSize(Scope& scope, miniracer_handle collection, uint32_t* size);
miniracer_status CollectionGet(Scope& scope, miniracer_handle map, const miniracer_value& key, miniracer_value* result);
miniracer_status CollectionSet(Scope& scope, miniracer_handle collection, const miniracer_value& key,
                               const miniracer_value* value);
miniracer_status CollectionHas(Scope& scope, miniracer_handle collection, const miniracer_value& key, int32_t* present);
miniracer_status CollectionDelete(Scope& scope, miniracer_handle collection, const miniracer_value& key,
                                  int32_t* present);
miniracer_status CollectionClear(Scope& scope, miniracer_handle collection);
miniracer_status CollectionEntries(Scope& scope, miniracer_handle collection, miniracer_value** entries,
                                   uint32_t* count);

}  // namespace miniracer
