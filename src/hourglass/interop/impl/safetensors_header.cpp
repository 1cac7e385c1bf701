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

/// Receives the parser's events and accepts only this format. Events and not a tree, because a tree
/// silently keeps the last of two equal keys. Deeper nesting is refused at once, so that many
/// brackets do no harm.
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
    if (position_ == Position::kShape) {
      if (value > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) {
        misplaced(std::to_string(value));
      }
      if (entry.back().sizes.size() == Shape::kMaxRank) {
        refuse("tensor {} has more than {} axes: hourglass reads up to {}", name(), Shape::kMaxRank,
               Shape::kMaxRank);
      }
      entry.back().sizes.push_back(static_cast<std::int64_t>(value));
    } else if (position_ == Position::kOffsets) {
      if (offsets_ == 2) refuse("tensor {} has more than two data_offsets", name());
      entry.back().offsets[offsets_++] = value;
    } else {
      misplaced(std::to_string(value));
    }
    return true;
  }

  bool string(std::string& value) {
    if (position_ == Position::kMetadata) {
      header_.metadata[key_] = value;
    } else if (position_ == Position::kTensor && key_ == "dtype") {
      const std::optional<DType> dtype = dtype_from_safetensors(value);
      if (!dtype) refuse("tensor {} has the unknown dtype {}", name(), quote_name(value));
      header_.entries.back().dtype = *dtype;
    } else {
      misplaced("a string");
    }
    return true;
  }

  bool start_object(std::size_t) {
    if (position_ == Position::kStart) {
      position_ = Position::kTop;
    } else if (position_ == Position::kTop && key_ == kSafetensorsMetadata) {
      position_ = Position::kMetadata;
    } else if (position_ == Position::kTop) {
      position_ = Position::kTensor;
      header_.entries.emplace_back().name = key_;
      fields_.clear();
    } else {
      misplaced("an object");
    }
    return true;
  }

  bool key(std::string& value) {
    key_ = value;
    if (position_ == Position::kTop) {
      if (!names_.insert(value).second) refuse("the name {} is repeated", quote_name(value));
    } else if (position_ == Position::kMetadata) {
      if (header_.metadata.count(value) != 0) {
        refuse("the metadata key {} is repeated", quote_name(value));
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
    if (position_ == Position::kTensor) {
      for (const char* field : {"dtype", "shape", "data_offsets"}) {
        if (fields_.count(field) == 0) refuse("tensor {} has no {}", name(), field);
      }
    }
    position_ = position_ == Position::kTop ? Position::kStart : Position::kTop;
    return true;
  }

  bool start_array(std::size_t) {
    if (position_ == Position::kTensor && key_ == "shape") {
      position_ = Position::kShape;
    } else if (position_ == Position::kTensor && key_ == "data_offsets") {
      position_ = Position::kOffsets;
      offsets_ = 0;
    } else {
      misplaced("an array");
    }
    return true;
  }

  bool end_array() {
    if (position_ == Position::kOffsets && offsets_ != 2) {
      refuse("tensor {} has fewer than two data_offsets", name());
    }
    position_ = Position::kTensor;
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const json::exception&) {
    refuse("the header is not valid JSON at its byte {}: the file is damaged", position);
  }

 private:
  enum class Position { kStart, kTop, kMetadata, kTensor, kShape, kOffsets };

  template <typename... Args>
  [[noreturn]] void refuse(fmt::format_string<Args...> message, Args&&... args) const {
    fail_file("safetensors", "{}: {}", source_, fmt::format(message, std::forward<Args>(args)...));
  }

  /// Refuses a value of a kind that is not allowed at this position.
  [[noreturn]] void misplaced(std::string_view what) const {
    switch (position_) {
      case Position::kStart:
        refuse("the header is {}, not a JSON object", what);
      case Position::kTop:
        if (key_ == kSafetensorsMetadata) refuse("{} is {}, not an object", key_, what);
        refuse("tensor {} is {}, not an object", quote_name(key_), what);
      case Position::kMetadata:
        refuse("metadata {} is {}, not a string", quote_name(key_), what);
      case Position::kTensor:
        refuse("the {} of tensor {} is {}", key_, name(), what);
      case Position::kShape:
        refuse("the shape of tensor {} has {}: whole numbers from 0 to 2^63 - 1 are needed", name(),
               what);
      case Position::kOffsets:
        refuse("the data_offsets of tensor {} have {}: whole numbers from 0 are needed", name(),
               what);
    }
    std::abort();
  }

  std::string name() const { return quote_name(header_.entries.back().name); }

  std::string_view source_;
  Position position_ = Position::kStart;
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
  // The parser treats a zero byte as the end of its input and would ignore the rest.
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
