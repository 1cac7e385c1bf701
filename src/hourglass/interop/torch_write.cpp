#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "hourglass/base/error.h"
#include "hourglass/interop/impl/bytes.h"
#include "hourglass/interop/impl/torch_layout.h"
#include "hourglass/interop/torch_file.h"
#include "hourglass/interop/zip.h"

namespace hourglass {
namespace {

/// Writes pickles of protocol 2 (Python's Lib/pickletools.py), without a memo.
class PickleWriter {
 public:
  PickleWriter() { bytes_ = {0x80, 2}; }

  PickleWriter& opcode(char code) {
    bytes_.push_back(static_cast<std::uint8_t>(code));
    return *this;
  }
  /// Writes a global, given as "module name".
  PickleWriter& global(std::string_view words) {
    opcode('c');
    for (const char c : words) bytes_.push_back(static_cast<std::uint8_t>(c == ' ' ? '\n' : c));
    bytes_.push_back('\n');
    return *this;
  }
  PickleWriter& text(std::string_view value) {
    opcode('X');
    append_little(bytes_, static_cast<std::uint32_t>(value.size()));
    bytes_.insert(bytes_.end(), value.begin(), value.end());
    return *this;
  }
  PickleWriter& integer(std::int64_t value) {
    bytes_.insert(bytes_.end(), {0x8a, sizeof(value)});
    append_little(bytes_, value);
    return *this;
  }
  PickleWriter& integers(const std::vector<std::int64_t>& values) {
    opcode('(');
    for (const std::int64_t value : values) integer(value);
    return opcode('t');
  }
  PickleWriter& empty_ordered_dict() { return global(torch::kOrderedDict).opcode(')').opcode('R'); }
  std::vector<std::uint8_t> finish() {
    opcode('.');
    return std::move(bytes_);
  }

 private:
  std::vector<std::uint8_t> bytes_;
};

std::string_view storage_global(DType dtype, std::string_view name) {
  const auto found = std::find_if(torch::kStorages.begin(), torch::kStorages.end(),
                                  [&](const auto& storage) { return storage.dtype == dtype; });
  if (found == torch::kStorages.end()) {
    fail("torch", "array {} is of type {}, which PyTorch files lack", quote_name(name),
         facts(dtype).safetensors);
  }
  return found->global;
}

void write_array(PickleWriter& pickle, const NamedArrayView& named, std::size_t key) {
  const Shape& shape = named.array.shape;
  std::vector<std::int64_t> sizes, strides(static_cast<std::size_t>(shape.rank()), 1);
  for (int axis = 0; axis < shape.rank(); ++axis) sizes.push_back(shape[axis]);
  for (std::size_t axis = strides.size(); axis-- > 1;) {
    strides[axis - 1] = strides[axis] * std::max<std::int64_t>(sizes[axis], 1);
  }
  pickle.text(named.name).global(torch::kRebuildTensor).opcode('(');
  pickle.opcode('(').text("storage").global(storage_global(named.array.dtype, named.name));
  pickle.text(std::to_string(key)).text("cpu").integer(shape.count()).opcode('t').opcode('Q');
  pickle.integer(0).integers(sizes).integers(strides);
  pickle.opcode(static_cast<char>(0x89)).empty_ordered_dict().opcode('t').opcode('R');
}

}  // namespace

void write_torch(const std::filesystem::path& path, std::span<const NamedArrayView> arrays) {
  PickleWriter pickle;
  pickle.empty_ordered_dict().opcode('(');
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    if (!names.insert(arrays[i].name).second) {
      fail("torch", "cannot write {}: the name {} is repeated", path.string(),
           quote_name(arrays[i].name));
    }
    write_array(pickle, arrays[i], i);
  }
  const std::vector<std::uint8_t> tree = pickle.opcode('u').finish();

  ZipWriter zip(path, false);
  const std::string root = path.stem().string() + '/';
  const auto add = [&](const std::string& name, std::span<const std::uint8_t> content) {
    zip.add(root + name, std::array{content});
  };
  const auto bytes_of = [](std::string_view text) {
    return std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  };
  add("data.pkl", tree);
  add("byteorder", bytes_of("little"));
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    add("data/" + std::to_string(i), arrays[i].array.bytes);
  }
  add("version", bytes_of("3\n"));
  zip.commit();
}

}  // namespace hourglass
