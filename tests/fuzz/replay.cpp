// Runs a target over files and folders of files without libFuzzer, so that every build tests what
// was found once, and that no input needs much memory. Not a fuzzer.
//   PROGRAM PATH...
#include <fmt/format.h>

#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <new>

#include "fuzz.h"
#include "hourglass/base/file.h"

namespace {

/// The limits of script/fuzz, checked here in operator new: the memory that an input holds at once.
constexpr std::size_t kMostAtOnce = std::size_t{256} << 20;
std::atomic<std::size_t> held{0};

void* counted(std::size_t size, std::size_t alignment) {
  if (size > kMostAtOnce) std::abort();
  void* memory = std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (!memory) throw std::bad_alloc();
  if (held.fetch_add(::malloc_usable_size(memory)) > 2 * kMostAtOnce) std::abort();
  return memory;
}

void release(void* memory) {
  held.fetch_sub(::malloc_usable_size(memory));
  std::free(memory);
}

}  // namespace

// The array forms call these. The forms that do not throw are here as well: a sanitizer has its
// own, and std::stable_sort would allocate by one of those and free by one of ours.
void* operator new(std::size_t size) {
  return counted(size, alignof(std::max_align_t));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return counted(size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return counted(size, alignof(std::max_align_t));
}
void operator delete(void* memory) noexcept {
  release(memory);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
  release(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  release(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  release(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  release(memory);
}

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_of(const fs::path& path) {
  if (!fs::is_directory(path)) return {path};
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(path)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

int main(int count, char** arguments) {
  int runs = 0;
  for (int i = 1; i < count; ++i) {
    for (const fs::path& file : files_of(arguments[i])) {
      fmt::print("{}\n", file.string());
      std::fflush(stdout);  // the last name is that of the failing input
      const auto bytes = hourglass::read_file(file);
      LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
      ++runs;
    }
  }
  fmt::print("{} inputs\n", runs);
  return runs > 0 ? 0 : 1;
}
