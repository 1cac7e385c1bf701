#include "hourglass/interop/impl/safetensors_header.h"

#include <cstdlib>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "hourglass/base/error.h"

namespace hourglass {
namespace {

using nlohmann::json;

/// Receives the parser's events and accepts only the format's form. Events instead of a tree,
/// because a tree silently keeps the last of two equal keys; and nothing nests deeper than the form
/// does, so a bomb of brackets ends at its fourth.
class HeaderReader {
 public:
  explicit HeaderReader(std::string_view source) : source_(source) {}

  SafetensorsHeader take() { return std::move(header_); }

  bool null() { misplaced("null"); }
  bool boolean(bool) { misplaced("a truth value"); }
  bool number_float(double, const std::string& text) { misplaced(text); }
  bool number_integer(std::int64_t value) { misplaced(std::to_string(value)); }
  bool binary(std::vector<std::uint8_t>&) { misplaced("binary data"); }

  bool number_unsigned(std::uint64_t value) {
    auto& entry = header_.entries;
    if (place_ == Place::kShape) {
      if (value > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) {
        misplaced(std::to_string(value));
      }
      if (entry.back().sizes.size() == Shape::kMaxRank) {
        refuse("tensor {} has more than {} axes: hourglass reads up to {}", name(), Shape::kMaxRank,
               Shape::kMaxRank);
      }
      entry.back().sizes.push_back(static_cast<std::int64_t>(value));
    } else if (place_ == Place::kOffsets) {
      if (offsets_ == 2) refuse("tensor {} has more than two data_offsets", name());
      entry.back().offsets[offsets_++] = value;
    } else {
      misplaced(std::to_string(value));
    }
    return true;
  }

  bool string(std::string& value) {
    if (place_ == Place::kMetadata) {
      header_.metadata[key_] = value;
    } else if (place_ == Place::kTensor && key_ == "dtype") {
      const std::optional<DType> dtype = dtype_from_safetensors(value);
      if (!dtype) refuse("tensor {} has the unknown dtype {}", name(), quote_name(value));
      header_.entries.back().dtype = *dtype;
    } else {
      misplaced("a string");
    }
    return true;
  }

  bool start_object(std::size_t) {
    if (place_ == Place::kStart) {
      place_ = Place::kTop;
    } else if (place_ == Place::kTop && key_ == kSafetensorsMetadata) {
      place_ = Place::kMetadata;
    } else if (place_ == Place::kTop) {
      place_ = Place::kTensor;
      header_.entries.emplace_back().name = key_;
      fields_.clear();
    } else {
      misplaced("an object");
    }
    return true;
  }

  bool key(std::string& value) {
    key_ = value;
    if (place_ == Place::kTop) {
      if (!names_.insert(value).second) refuse("the name {} stands twice", quote_name(value));
    } else if (place_ == Place::kMetadata) {
      if (header_.metadata.count(value) != 0) {
        refuse("the metadata key {} stands twice", quote_name(value));
      }
    } else {
      if (value != "dtype" && value != "shape" && value != "data_offsets") {
        refuse("tensor {} has the unknown key {}", name(), quote_name(value));
      }
      if (!fields_.insert(value).second)
        refuse("tensor {} has two keys {}", name(), quote_name(value));
    }
    return true;
  }

  bool end_object() {
    if (place_ == Place::kTensor) {
      for (const char* field : {"dtype", "shape", "data_offsets"}) {
        if (fields_.count(field) == 0) refuse("tensor {} has no {}", name(), field);
      }
    }
    place_ = place_ == Place::kTop ? Place::kStart : Place::kTop;
    return true;
  }

  bool start_array(std::size_t) {
    if (place_ == Place::kTensor && key_ == "shape") {
      place_ = Place::kShape;
    } else if (place_ == Place::kTensor && key_ == "data_offsets") {
      place_ = Place::kOffsets;
      offsets_ = 0;
    } else {
      misplaced("an array");
    }
    return true;
  }

  bool end_array() {
    if (place_ == Place::kOffsets && offsets_ != 2) {
      refuse("tensor {} has fewer than two data_offsets", name());
    }
    place_ = Place::kTensor;
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const json::exception&) {
    refuse("the header is not valid JSON at its byte {}: the file is damaged", position);
  }

 private:
  enum class Place { kStart, kTop, kMetadata, kTensor, kShape, kOffsets };

  template <typename... Args>
  [[noreturn]] void refuse(fmt::format_string<Args...> message, Args&&... args) const {
    fail_file("safetensors", "{}: {}", source_, fmt::format(message, std::forward<Args>(args)...));
  }

  /// Something of a kind that has no business where it stands.
  [[noreturn]] void misplaced(std::string_view what) const {
    switch (place_) {
      case Place::kStart:
        refuse("the header is {}, not a JSON object", what);
      case Place::kTop:
        if (key_ == kSafetensorsMetadata) refuse("{} is {}, not an object", key_, what);
        refuse("tensor {} is {}, not an object", quote_name(key_), what);
      case Place::kMetadata:
        refuse("metadata {} is {}, not a string", quote_name(key_), what);
      case Place::kTensor:
        refuse("the {} of tensor {} is {}", key_, name(), what);
      case Place::kShape:
        refuse("the shape of tensor {} has {}: whole numbers from 0 to 2^63 - 1 are needed", name(),
               what);
      case Place::kOffsets:
        refuse("the data_offsets of tensor {} have {}: whole numbers from 0 are needed", name(),
               what);
    }
    std::abort();
  }

  std::string name() const { return quote_name(header_.entries.back().name); }

  std::string_view source_;
  Place place_ = Place::kStart;
  std::string key_;               // the last one read, at any depth
  std::set<std::string> names_;   // of tensors, and the metadata's
  std::set<std::string> fields_;  // of the tensor being read
  std::size_t offsets_ = 0;       // of the tensor being read
  SafetensorsHeader header_;
};

}  // namespace

SafetensorsHeader parse_safetensors_header(std::string_view text, std::string_view source) {
  if (text.empty() || text.front() != '{') {
    fail_file("safetensors",
              "{}: the header does not begin with an opening brace: not a safetensors file",
              source);
  }
  // The parser takes a zero byte for the end of its input and would not see what follows.
  const std::size_t zero = text.find('\0');
  if (zero != std::string_view::npos) {
    fail_file("safetensors", "{}: the header is not valid JSON at its byte {}: the file is damaged",
              source, zero + 1);
  }
  HeaderReader reader(source);
  json::sax_parse(text.begin(), text.end(), &reader);
  return reader.take();
}

}  // namespace hourglass
