#include "hourglass/interop/safetensors.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>

#include "hourglass/base/error.h"
#include "hourglass/base/file.h"
#include "hourglass/interop/impl/bytes.h"
#include "hourglass/interop/impl/safetensors_header.h"

namespace hourglass {
namespace {

constexpr std::size_t kLengthBytes = 8;
constexpr std::uint64_t kLongestHeader = 100'000'000;  // the format's own limit

using Entry = SafetensorsHeader::Entry;

template <typename... Args>
[[noreturn]] void refuse(std::string_view source, fmt::format_string<Args...> message,
                         Args&&... args) {
  fail_file("safetensors", "{}: {}", source, fmt::format(message, std::forward<Args>(args)...));
}

/// Checks that an entry's offsets are in the data and fit its shape and type.
void check_size(const Entry& entry, std::uint64_t data_size, std::string_view source) {
  const std::string name = quote_name(entry.name);
  const auto [begin, end] = entry.offsets;
  const std::optional<std::uint64_t> needed = byte_count(entry.sizes, entry.dtype);
  if (!needed) refuse(source, "the shape of tensor {} is too large: its product overflows", name);
  if (begin > end)
    refuse(source, "the data_offsets [{}, {}] of tensor {} run back", begin, end, name);
  if (end > data_size) {
    refuse(source, "tensor {} ends at byte {} of {}: the file is cut short or damaged", name, end,
           data_size);
  }
  if (end - begin != *needed) {
    refuse(source, "tensor {} needs {} bytes for {} {}, but its data_offsets hold {}", name,
           *needed, facts(entry.dtype).safetensors, make_shape(entry.sizes).text(), end - begin);
  }
}

/// Checks that the entries cover each byte of the data once. Empty entries may be between others.
void check_cover(const std::vector<Entry>& entries, std::uint64_t data_size,
                 std::string_view source) {
  std::vector<const Entry*> order;
  for (const Entry& entry : entries) order.push_back(&entry);
  std::stable_sort(order.begin(), order.end(),
                   [](const Entry* a, const Entry* b) { return a->offsets < b->offsets; });
  std::uint64_t covered = 0;
  const Entry* last = nullptr;
  for (const Entry* entry : order) {
    if (entry->offsets[0] < covered) {
      refuse(source, "tensors {} and {} overlap", quote_name(last->name), quote_name(entry->name));
    }
    if (entry->offsets[0] > covered) {
      refuse(source, "bytes {} to {} of the data belong to no tensor", covered, entry->offsets[0]);
    }
    covered = entry->offsets[1];
    last = entry;
  }
  if (covered != data_size) {
    refuse(source, "bytes {} to {} of the data belong to no tensor", covered, data_size);
  }
}

/// A quoted JSON string.
std::string json_string(const std::string& text, const std::filesystem::path& path) {
  try {
    return nlohmann::json(text).dump();
  } catch (const nlohmann::json::exception&) {
    fail("safetensors", "cannot write {}: a name or a metadata text in it is not UTF-8",
         path.string());
  }
}

std::uint64_t bytes_of(const NamedArraySource& array) {
  return static_cast<std::uint64_t>(array.shape.count()) * facts(array.dtype).size;
}

std::string header_text(std::span<const NamedArraySource> arrays,
                        std::span<const std::uint64_t> begins,
                        const std::map<std::string, std::string>& metadata,
                        const std::filesystem::path& path) {
  std::string text = "{";
  if (!metadata.empty()) {
    text += fmt::format("\"{}\":{{", kSafetensorsMetadata);
    for (const auto& [key, value] : metadata) {
      text += fmt::format("{}:{},", json_string(key, path), json_string(value, path));
    }
    text.back() = '}';
    text += ',';
  }
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    const NamedArraySource& array = arrays[i];
    std::string sizes;
    for (int axis = 0; axis < array.shape.rank(); ++axis) {
      sizes += fmt::format("{}{}", axis > 0 ? "," : "", array.shape[axis]);
    }
    text += fmt::format(R"({}:{{"dtype":"{}","shape":[{}],"data_offsets":[{},{}]}},)",
                        json_string(array.name, path), facts(array.dtype).safetensors, sizes,
                        begins[i], begins[i] + bytes_of(array));
  }
  if (text.back() == ',') text.pop_back();
  text += '}';
  text.resize((text.size() + 7) / 8 * 8, ' ');
  return text;
}

/// What comes before the data, and the order in which they follow.
struct Plan {
  std::vector<std::uint8_t> head;
  std::vector<std::size_t> order;
  std::uint64_t data = 0;  // bytes
};

Plan plan_of(std::span<const NamedArraySource> arrays,
             const std::map<std::string, std::string>& metadata,
             const std::filesystem::path& path) {
  std::set<std::string> names{std::string(kSafetensorsMetadata)};
  for (const NamedArraySource& named : arrays) {
    if (!names.insert(named.name).second) {
      fail("safetensors", "cannot write {}: the name {} is {}", path.string(),
           quote_name(named.name), named.name == kSafetensorsMetadata ? "reserved" : "repeated");
    }
  }
  Plan plan;
  plan.order.resize(arrays.size());
  std::iota(plan.order.begin(), plan.order.end(), std::size_t{0});
  std::stable_sort(plan.order.begin(), plan.order.end(), [&](std::size_t a, std::size_t b) {
    return facts(arrays[a].dtype).size > facts(arrays[b].dtype).size;
  });
  std::vector<std::uint64_t> begins(arrays.size());
  for (const std::size_t i : plan.order) {
    begins[i] = plan.data;
    plan.data += bytes_of(arrays[i]);
  }
  const std::string header = header_text(arrays, begins, metadata, path);
  if (header.size() > kLongestHeader) {
    fail("safetensors", "cannot write {}: its header has {} bytes, more than {}", path.string(),
         header.size(), kLongestHeader);
  }
  append_little(plan.head, std::uint64_t{header.size()});
  plan.head.insert(plan.head.end(), header.begin(), header.end());
  return plan;
}

std::span<const std::uint8_t> checked_bytes(const NamedArraySource& array) {
  const std::span<const std::uint8_t> bytes = array.bytes();
  require(bytes.size() == bytes_of(array), "safetensors", "bytes", bytes.size(),
          "the array's type and shape need another number");
  return bytes;
}

}  // namespace

const Array* NamedArrays::find(std::string_view name) const {
  for (const NamedArray& named : arrays) {
    if (named.name == name) return &named.array;
  }
  return nullptr;
}

const ArrayView* NamedArrayViews::find(std::string_view name) const {
  for (const NamedArrayView& named : arrays) {
    if (named.name == name) return &named.array;
  }
  return nullptr;
}

NamedArrayViews view_safetensors(std::span<const std::uint8_t> bytes, std::string_view source) {
  if (bytes.size() < kLengthBytes) {
    refuse(source, "{} bytes are too few for a safetensors file", bytes.size());
  }
  const auto length = load_little<std::uint64_t>(bytes, 0);
  if (length > kLongestHeader) {
    refuse(source, "its header claims {} bytes, more than {}: not a safetensors file", length,
           kLongestHeader);
  }
  if (length > bytes.size() - kLengthBytes) {
    refuse(source, "its header claims {} bytes, but {} follow: the file is cut short or damaged",
           length, bytes.size() - kLengthBytes);
  }
  const auto header_bytes = bytes.subspan(kLengthBytes, length);
  const auto data = bytes.subspan(kLengthBytes + length);
  SafetensorsHeader header = parse_safetensors_header(
      {reinterpret_cast<const char*>(header_bytes.data()), header_bytes.size()}, source);

  for (const Entry& entry : header.entries) check_size(entry, data.size(), source);
  check_cover(header.entries, data.size(), source);

  NamedArrayViews file;
  file.metadata = std::move(header.metadata);
  file.arrays.reserve(header.entries.size());
  for (Entry& entry : header.entries) {
    const auto [begin, end] = entry.offsets;
    file.arrays.push_back(
        {std::move(entry.name),
         {entry.dtype, make_shape(entry.sizes), data.subspan(begin, end - begin)}});
  }
  return file;
}

NamedArrays parse_safetensors(std::span<const std::uint8_t> bytes, std::string_view source,
                              const SafetensorsReadOptions& options) {
  NamedArrayViews views = view_safetensors(bytes, source);
  NamedArrays file;
  file.metadata = std::move(views.metadata);
  file.arrays.reserve(views.arrays.size());
  for (auto& [name, array] : views.arrays) {
    file.arrays.push_back(
        {std::move(name), {array.dtype, array.shape, {array.bytes.begin(), array.bytes.end()}}});
    const NamedArray& named = file.arrays.back();
    if (!options.refuse_non_finite) continue;
    if (const auto at = first_non_finite(named.array)) {
      refuse(source, "tensor {} holds a NaN or an infinity (element {})", quote_name(named.name),
             *at);
    }
  }
  return file;
}

NamedArrays read_safetensors(const std::filesystem::path& path,
                             const SafetensorsReadOptions& options) {
  return parse_safetensors(read_file(path, options.limit), path.string(), options);
}

void write_safetensors(const std::filesystem::path& path, std::span<const NamedArraySource> arrays,
                       const std::map<std::string, std::string>& metadata) {
  const Plan plan = plan_of(arrays, metadata, path);
  AtomicFile file(path);
  file.write(plan.head);
  for (const std::size_t i : plan.order) file.write(checked_bytes(arrays[i]));
  file.commit();
}

std::vector<std::uint8_t> safetensors_bytes(std::span<const NamedArraySource> arrays,
                                            const std::map<std::string, std::string>& metadata) {
  Plan plan = plan_of(arrays, metadata, "the arrays");
  std::vector<std::uint8_t> bytes = std::move(plan.head);
  bytes.reserve(bytes.size() + plan.data);
  for (const std::size_t i : plan.order) {
    const auto part = checked_bytes(arrays[i]);
    bytes.insert(bytes.end(), part.begin(), part.end());
  }
  return bytes;
}

void write_safetensors(const std::filesystem::path& path, std::span<const NamedArrayView> arrays,
                       const std::map<std::string, std::string>& metadata) {
  std::vector<NamedArraySource> sources;
  for (const auto& [name, array] : arrays) {
    sources.push_back({name, array.dtype, array.shape, [bytes = array.bytes] { return bytes; }});
  }
  write_safetensors(path, sources, metadata);
}

}  // namespace hourglass
