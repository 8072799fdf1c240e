// The texts that guests give to Intl: what is no tag for its length alone is not copied.
#pragma once

namespace miniracer {

class LoadedLibrary;

namespace LanguageTags {

// Before V8 is initialised. A V8 that has no such function of its own copies them.
void Bound(const LoadedLibrary& engine);

}  // namespace LanguageTags

}  // namespace miniracer
