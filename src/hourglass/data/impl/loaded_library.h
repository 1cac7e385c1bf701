// A shared library that is loaded when it is first needed. Not for libraries that every run needs:
// the linker binds those.
#pragma once

#include <type_traits>

namespace hourglass {

/// What a library is for and where it comes from, for messages.
struct LibraryFacts {
  const char* operation;  // "download"
  const char* file;       // "libcurl.so.4"
  const char* users;      // "downloads"
  const char* package;    // Debian's: "libcurl4"
};

class LoadedLibrary {
 public:
  /// Throws Error if the library is not there. It is never closed: other libraries of the process
  /// may have come to use it.
  explicit LoadedLibrary(const LibraryFacts& facts);

  /// Sets a pointer to the function of that name. Throws Error if the library has none.
  template <typename F>
  void bind(F& function, const char* name) const {
    static_assert(std::is_pointer_v<F>);
    function = reinterpret_cast<F>(find(name));
  }

 private:
  void* find(const char* name) const;

  LibraryFacts facts_;
  void* handle_;
};

}  // namespace hourglass
