#include <algorithm>
#include <cassert>
#include <cstring>
#include <map>
#include <optional>
#include <utility>

#include "hourglass/base/error.h"
#include "hourglass/base/file.h"
#include "hourglass/interop/impl/pickle.h"
#include "hourglass/interop/impl/torch_layout.h"
#include "hourglass/interop/torch_file.h"
#include "hourglass/interop/zip.h"

namespace hourglass {
namespace {

using Bytes = std::span<const std::uint8_t>;
using Kind = PickleValue::Kind;

constexpr std::uint64_t kLargestFile = std::uint64_t{1} << 32;
constexpr std::uint64_t kLargestPickle = 1 << 20;  // names and shapes of 8,000 arrays
constexpr std::size_t kLongestName = 1000;         // bytes, with names of outer dictionaries
constexpr int kDeepest = 8;                        // nested dictionaries
constexpr std::uint64_t kMostShared = 8;           // times a storage may be unpacked and copied

template <typename... Args>
[[noreturn]] void refuse(std::string_view source, fmt::format_string<Args...> message,
                         Args&&... args) {
  fail_file("torch", "{}: {}", source, fmt::format(message, std::forward<Args>(args)...));
}

std::vector<std::string_view> allowed_globals() {
  std::vector<std::string_view> allowed{torch::kOrderedDict, torch::kRebuildTensor,
                                        torch::kRebuildParameter, torch::kSize};
  for (const torch::StorageType& storage : torch::kStorages) allowed.push_back(storage.global);
  return allowed;
}

/// The entries of the archive, by their names below its single top folder.
class Archive {
 public:
  Archive(Bytes bytes, std::string_view source) : source_(source) {
    if (bytes.size() < 2 || bytes[0] != 'P' || bytes[1] != 'K') {
      refuse(source,
             "it is not a zip archive, as torch.save has written since 1.6: load it in PyTorch and "
             "save it again, torch.save(model.state_dict(), PATH)");
    }
    for (ZipEntry& entry : read_zip_directory(bytes, source, kLargestFile)) {
      data_bytes_ += entry.size;
      std::string name = entry.name.substr(entry.name.find('/') + 1);
      entries_.emplace(std::move(name), std::move(entry));
    }
    if (entries_.contains("constants.pkl")) {
      refuse(source,
             "it was written by torch.jit.save: save torch.save(model.state_dict(), PATH) instead");
    }
  }

  const ZipEntry* find(const std::string& name) const {
    const auto found = entries_.find(name);
    return found == entries_.end() ? nullptr : &found->second;
  }
  std::vector<std::uint8_t> unpacked(const std::string& name, std::uint64_t most) const {
    const ZipEntry* const entry = find(name);
    if (!entry) refuse(source_, "it has no entry {}: not written by torch.save", quote_name(name));
    if (entry->size > most) {
      refuse(source_, "its entry {} has {} bytes: at most {} are read", quote_name(name),
             entry->size, most);
    }
    return unpack(*entry, source_);
  }
  std::uint64_t data_bytes() const { return data_bytes_; }

 private:
  std::string_view source_;
  std::map<std::string, ZipEntry> entries_;
  std::uint64_t data_bytes_ = 0;  // of all entries, unpacked
};

/// The description of an array in the pickle.
struct StoredArray {
  std::string key;                    // of its storage
  DType dtype = DType::kF32;          // of the storage's elements
  std::int64_t storage_count = 0;     // elements of the storage
  std::int64_t offset = 0;            // elements before the first
  std::vector<std::int64_t> sizes;    // of the axes
  std::vector<std::int64_t> strides;  // in elements
};

/// Walks the pickle's tree and makes an array from each call that describes one.
class Walk {
 public:
  Walk(const Archive& archive, const PickleTree& tree, std::string_view source)
      : archive_(archive), tree_(tree), source_(source) {}

  std::vector<NamedArray> arrays() {
    const PickleValue& root = tree_[tree_.root];
    if (!is_dictionary(root)) {
      refuse(source_,
             "it holds no dictionary of arrays: save torch.save(model.state_dict(), PATH)");
    }
    visit(root, "", 0);
    return std::move(arrays_);
  }

 private:
  bool calls(const PickleValue& value, std::string_view global) const {
    return value.kind == Kind::kCall && tree_[value.items[0]].kind == Kind::kGlobal &&
           tree_[value.items[0]].text == global;
  }
  bool is_dictionary(const PickleValue& value) const {
    return value.kind == Kind::kDict || calls(value, torch::kOrderedDict);
  }

  void visit(const PickleValue& dictionary, const std::string& prefix, int depth) {
    if (depth > kDeepest) refuse(source_, "its dictionaries are nested too deeply");
    for (std::size_t i = 0; i < dictionary.pairs.size(); i += 2) {
      // A value can occur many times, so the walk is limited. In a file from torch.save, each step
      // has at least one value of its own.
      if (++steps_ > tree_.values.size()) refuse(source_, "its dictionaries hold one another");
      const PickleValue& key = tree_[dictionary.pairs[i]];
      if (key.kind != Kind::kText) continue;  // an optimiser's, by number
      if (prefix.size() + key.text.size() > kLongestName) {
        refuse(source_, "the name {} has more than {} bytes", quote_name(key.text), kLongestName);
      }
      const std::string name = prefix + key.text;
      const PickleValue* value = &tree_[dictionary.pairs[i + 1]];
      if (calls(*value, torch::kRebuildParameter)) value = &argument(*value, 0);
      if (is_dictionary(*value)) {
        visit(*value, name + '.', depth + 1);
      } else if (calls(*value, torch::kRebuildTensor)) {
        add(name, stored_array(*value, name));
      }
    }
  }

  const PickleValue& argument(const PickleValue& call, std::size_t i) const {
    const PickleValue& arguments = tree_[call.items[1]];
    if (arguments.kind != Kind::kTuple || arguments.items.size() <= i) refuse_damaged();
    return tree_[arguments.items[i]];
  }
  [[noreturn]] void refuse_damaged() const { refuse(source_, "its pickle is damaged"); }
  std::int64_t count_of(const PickleValue& value) const {
    if (value.kind != Kind::kInteger || value.integer < 0) refuse_damaged();
    return value.integer;
  }
  std::vector<std::int64_t> counts_of(const PickleValue& value) const {
    const PickleValue& tuple = calls(value, torch::kSize) ? argument(value, 0) : value;
    if (tuple.kind != Kind::kTuple) refuse_damaged();
    std::vector<std::int64_t> counts;
    for (const std::uint32_t item : tuple.items) counts.push_back(count_of(tree_[item]));
    return counts;
  }

  /// From _rebuild_tensor_v2(storage, offset, sizes, strides, requires_grad, hooks), the storage
  /// being ('storage', type, key, device, elements).
  StoredArray stored_array(const PickleValue& call, const std::string& name) const {
    const PickleValue& outside = argument(call, 0);
    if (outside.kind != Kind::kPersistent) refuse_damaged();
    const PickleValue& storage = tree_[outside.items[0]];
    if (storage.kind != Kind::kTuple || storage.items.size() < 5) refuse_damaged();
    const std::string& type = tree_[storage.items[1]].text;
    const auto known = std::find_if(torch::kStorages.begin(), torch::kStorages.end(),
                                    [&](const auto& s) { return s.global == type; });
    const PickleValue& key = tree_[storage.items[2]];
    if (known == torch::kStorages.end() || key.kind != Kind::kText) refuse_damaged();
    StoredArray p{key.text,
                  known->dtype,
                  count_of(tree_[storage.items[4]]),
                  count_of(argument(call, 1)),
                  counts_of(argument(call, 2)),
                  counts_of(argument(call, 3))};
    if (p.sizes.size() != p.strides.size()) refuse_damaged();
    if (p.sizes.size() > static_cast<std::size_t>(Shape::kMaxRank)) {
      refuse(source_, "array {} has {} axes: at most {} are read", quote_name(name), p.sizes.size(),
             Shape::kMaxRank);
    }
    return p;
  }

  /// The number of elements; checks that all are in the storage, and none occurs twice.
  std::int64_t checked_count(const StoredArray& p, const std::string& name) const {
    if (!byte_count(p.sizes, p.dtype)) {
      refuse(source_, "the shape of array {} is too large: its product overflows",
             quote_name(name));
    }
    const std::int64_t count = make_shape(p.sizes).count();
    std::int64_t last = p.offset;  // the farthest element
    bool inside = count <= p.storage_count && last <= p.storage_count;
    for (std::size_t axis = 0; axis < p.sizes.size() && inside && count > 0; ++axis) {
      const std::int64_t steps = p.sizes[axis] - 1;
      inside = steps == 0 || p.strides[axis] <= (p.storage_count - last) / steps;
      if (inside) last += steps * p.strides[axis];
    }
    if (!inside || (count > 0 && last >= p.storage_count)) {
      refuse(source_, "array {} reaches beyond its storage of {} elements: the file is damaged",
             quote_name(name), p.storage_count);
    }
    return count;
  }

  void add(const std::string& name, const StoredArray& p) {
    const std::int64_t count = checked_count(p, name);
    const std::uint64_t width = facts(p.dtype).size;
    const ZipEntry* const entry = archive_.find("data/" + p.key);
    if (!entry || entry->size / width != static_cast<std::uint64_t>(p.storage_count)) {
      refuse(source_, "the elements of array {} are missing or too few: the file is damaged",
             quote_name(name));
    }
    const bool other = storage_key_ != p.key;
    // Alternating between two storages would unpack them again and again.
    total_ += static_cast<std::uint64_t>(count) * width + (other ? entry->size : 0);
    if (total_ > kMostShared * archive_.data_bytes()) {
      refuse(source_, "its arrays overlap: the file is damaged");
    }
    if (other) {
      storage_ = unpack(*entry, source_);
      storage_key_ = p.key;
    }
    NamedArray named{name, {p.dtype, make_shape(p.sizes), {}}};
    named.array.bytes.resize(static_cast<std::size_t>(count) * width);
    copy_strided(named.array.bytes, p, count, width);
    arrays_.push_back(std::move(named));
  }

  void copy_strided(std::vector<std::uint8_t>& out, const StoredArray& p, std::int64_t count,
                    std::uint64_t width) const {
    std::vector<std::int64_t> index(p.sizes.size(), 0);
    for (std::int64_t i = 0; i < count; ++i) {
      std::int64_t from = p.offset;
      for (std::size_t axis = 0; axis < index.size(); ++axis) from += index[axis] * p.strides[axis];
      std::memcpy(out.data() + static_cast<std::uint64_t>(i) * width,
                  storage_.data() + static_cast<std::uint64_t>(from) * width, width);
      for (std::size_t axis = index.size(); axis > 0; --axis) {  // the last axis runs fastest
        if (++index[axis - 1] < p.sizes[axis - 1]) break;
        index[axis - 1] = 0;
      }
    }
  }

  const Archive& archive_;
  const PickleTree& tree_;
  std::string_view source_;
  std::vector<NamedArray> arrays_;
  std::uint64_t steps_ = 0;
  std::uint64_t total_ = 0;                 // bytes of all arrays, and of all that was unpacked
  std::optional<std::string> storage_key_;  // of the storage unpacked last
  std::vector<std::uint8_t> storage_;
};

}  // namespace

std::vector<NamedArray> parse_torch(Bytes bytes, std::string_view source) {
  const Archive archive(bytes, source);
  if (archive.find("byteorder")) {
    const auto order = archive.unpacked("byteorder", 16);
    if (std::string_view(reinterpret_cast<const char*>(order.data()), order.size()) != "little") {
      refuse(source, "its elements are big-endian: load it in PyTorch and save it on this machine");
    }
  }
  const PickleTree tree =
      parse_pickle(archive.unpacked("data.pkl", kLargestPickle), source, allowed_globals());
  return Walk(archive, tree, source).arrays();
}

std::vector<NamedArray> read_torch(const std::filesystem::path& path) {
  return parse_torch(read_file(path, kLargestFile), path.string());
}

}  // namespace hourglass
