// Python's pickles, read as a tree of values and written-down calls. Not an unpickler: nothing is
// ever imported, called or executed. What a call means is for the caller to say: see torch_file.h.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass {

/// A value of the tree; parts are named by their places in PickleTree::values.
struct PickleValue {
  enum class Kind {
    kNone,
    kBool,        // integer: 0 or 1
    kInteger,     // integer
    kReal,        // real
    kText,        // text
    kTuple,       // items
    kList,        // items
    kDict,        // pairs
    kGlobal,      // text: "module name", on the list of those allowed
    kCall,        // items: what is called, and the tuple it is called with; pairs set on the result
    kPersistent,  // items: what stands for a value kept outside the pickle
  };
  Kind kind = Kind::kNone;
  std::int64_t integer = 0;
  double real = 0.0;
  std::string text{};
  std::vector<std::uint32_t> items{};
  std::vector<std::uint32_t> pairs{};  // key, value, key, value, ...
};

/// Values may hold one another more than once, and themselves in a circle: whoever walks the tree
/// bounds the steps.
struct PickleTree {
  std::vector<PickleValue> values;
  std::uint32_t root = 0;

  const PickleValue& operator[](std::uint32_t i) const { return values[i]; }
};

/// Reads one pickle of protocol 2 to 5 (Python's Lib/pickletools.py lists the opcodes). `allowed`
/// are the globals that may be named, as "module name". The attributes that BUILD would set are
/// left out. Throws Error in a line that begins with `source` for a global that is not allowed,
/// naming it; for opcodes that make other objects; and for whatever is cut short or damaged. Memory
/// is at most some hundred times the pickle's length.
PickleTree parse_pickle(std::span<const std::uint8_t> bytes, std::string_view source,
                        std::span<const std::string_view> allowed);

}  // namespace hourglass
