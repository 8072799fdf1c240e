// Symbols, property descriptors, prototypes.
#pragma once

#include "miniracer.h"
#include "scope.h"

namespace miniracer {

miniracer_status NewSymbol(Scope& scope, uint32_t kind, const miniracer_value* description, miniracer_value* result);
miniracer_status SymbolDescription(Scope& scope, miniracer_handle symbol, miniracer_value* description);

miniracer_status DefineProperty(Scope& scope, miniracer_handle object, const miniracer_value& key,
                                const miniracer_property& property);
// Leaves `property` as it is where there is none. What it put there is to be released, also when it fails.
miniracer_status GetOwnProperty(Scope& scope, miniracer_handle object, const miniracer_value& key,
                                miniracer_property* property, int32_t* present);

miniracer_status GetPrototype(Scope& scope, miniracer_handle object, miniracer_value* prototype);
miniracer_status SetPrototype(Scope& scope, miniracer_handle object, const miniracer_value& prototype);
miniracer_status InstanceOf(Scope& scope, const miniracer_value& value, miniracer_handle constructor, int32_t* is);

}  // namespace miniracer
