#include "hourglass/data/impl/loaded_library.h"

#include <dlfcn.h>

#include "hourglass/base/error.h"

namespace hourglass {

LoadedLibrary::LoadedLibrary(const LibraryFacts& facts)
    : facts_(facts), handle_(::dlopen(facts.file, RTLD_NOW | RTLD_LOCAL)) {
  if (handle_ == nullptr) {
    fail_file(facts.operation, "{} cannot be loaded, and {} need it: install the package {}",
              facts.file, facts.users, facts.package);
  }
}

void* LoadedLibrary::find(const char* name) const {
  void* const function = ::dlsym(handle_, name);
  if (function == nullptr) {
    fail_file(facts_.operation, "{} has no {}: install a newer package {}", facts_.file, name,
              facts_.package);
  }
  return function;
}

}  // namespace hourglass
