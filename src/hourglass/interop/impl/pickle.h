// Reads Python's pickles as a tree of values and recorded calls. Not an unpickler: nothing is ever
// imported, called or executed. The caller interprets the calls: see torch_file.h.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass {

/// A value of the tree; parts are indices into PickleTree::values.
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
    kCall,        // items: the callable and the tuple of its arguments; pairs: set on the result
    kPersistent,  // items: the id of a value outside the pickle
  };
  Kind kind = Kind::kNone;
  std::int64_t integer = 0;
  double real = 0.0;
  std::string text{};
  std::vector<std::uint32_t> items{};
  std::vector<std::uint32_t> pairs{};  // key, value, key, value, ...
};

/// A value may occur several times, and cycles are possible: code that walks the tree must limit
/// its steps.
struct PickleTree {
  std::vector<PickleValue> values;
  std::uint32_t root = 0;

  const PickleValue& operator[](std::uint32_t i) const { return values[i]; }
};

/// Reads one pickle of protocol 2 to 5 (Python's Lib/pickletools.py lists the opcodes). `allowed`
/// are the globals that may occur, as "module name". The attributes that BUILD would set are
/// ignored. Throws Error in a line that begins with `source` for a global that is not allowed,
/// naming it; for opcodes that make other objects; and for pickles that are cut short or damaged.
/// Takes at most about a hundred times the pickle's length of memory.
PickleTree parse_pickle(std::span<const std::uint8_t> bytes, std::string_view source,
                        std::span<const std::string_view> allowed);

}  // namespace hourglass
