#include <array>
#include <charconv>

#include "hourglass/base/error.h"
#include "hourglass/base/file.h"
#include "hourglass/data/split_record.h"
#include "hourglass/interop/impl/utf8.h"

namespace hourglass {
namespace {

constexpr std::string_view kHeader = "part\thash\tname";
constexpr std::array<std::string_view, 3> kParts{"train", "validation", "test"};
constexpr std::size_t kDigits = 16;
constexpr std::uint64_t kLargestFile = std::uint64_t{1} << 30;

/// A name in one cell of UTF-8: other bytes, control characters and backslashes as \xHH.
std::string escaped(std::string_view name) {
  std::string out;
  for (std::size_t at = 0; at < name.size();) {
    const std::size_t begin = at;
    const std::uint32_t character = next_character(name, at);
    const bool plain = character >= 0x20 && character != 0x7f && character != '\\' &&
                       !(character >= 0xdc80 && character <= 0xdcff);
    if (plain) {
      out += name.substr(begin, at - begin);
    } else {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(name[begin]));
    }
  }
  return out;
}

class Parser {
 public:
  Parser(std::string_view text, std::string_view source) : text_(text), source_(source) {}

  SplitRecord parse() {
    if (line() != kHeader) refuse("it does not begin as a record of images does");
    SplitRecord record;
    while (!text_.empty()) {
      const auto cells = cells_of(line());
      if (cells[0] == "class") {
        add_class(cells, record);
      } else {
        record.images.push_back({part(cells[0]), hash(cells[1]), name(cells[2])});
      }
    }
    return record;
  }

 private:
  [[noreturn]] void refuse(std::string_view why) const {
    fail_file("split", "{}: line {}: {}", source_, number_, why);
  }

  std::string_view line() {
    ++number_;
    const std::size_t end = text_.find('\n');
    if (end == std::string_view::npos) refuse("it is cut short");
    const std::string_view found = text_.substr(0, end);
    text_.remove_prefix(end + 1);
    return found;
  }

  std::array<std::string_view, 3> cells_of(std::string_view row) const {
    const std::size_t first = row.find('\t');
    const std::size_t second = first == std::string_view::npos ? first : row.find('\t', first + 1);
    if (second == std::string_view::npos || row.find('\t', second + 1) != std::string_view::npos) {
      refuse("it has not three columns");
    }
    return {row.substr(0, first), row.substr(first + 1, second - first - 1),
            row.substr(second + 1)};
  }

  void add_class(const std::array<std::string_view, 3>& cells, SplitRecord& record) const {
    if (cells[1] != std::to_string(record.class_names.size()) || !record.images.empty()) {
      refuse("classes are numbered from 0 and stand before the images");
    }
    record.class_names.push_back(name(cells[2]));
  }

  SplitPart part(std::string_view cell) const {
    for (std::size_t i = 0; i < kParts.size(); ++i) {
      if (kParts[i] == cell) return static_cast<SplitPart>(i);
    }
    refuse("its part is none of class, train, validation and test");
  }

  std::uint64_t hash(std::string_view cell) const {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value, 16);
    if (error != std::errc() || end != cell.data() + cell.size() || cell.size() != kDigits) {
      refuse("its hash has not 16 hexadecimal digits");
    }
    return value;
  }

  std::string name(std::string_view cell) const {
    std::string out;
    for (std::size_t at = 0; at < cell.size(); ++at) {
      if (cell[at] != '\\') {
        out += cell[at];
        continue;
      }
      unsigned value = 0;
      const std::string_view code = cell.substr(at, 4);
      if (code.size() != 4 || code[1] != 'x') refuse("its name has a backslash that is not \\xHH");
      const auto [end, error] = std::from_chars(code.data() + 2, code.data() + 4, value, 16);
      if (error != std::errc() || end != code.data() + 4) {
        refuse("its name has a backslash that is not \\xHH");
      }
      out += static_cast<char>(value);
      at += 3;
    }
    return out;
  }

  std::string_view text_;  // the lines that are left
  std::string_view source_;
  std::int64_t number_ = 0;  // of the line, from 1
};

}  // namespace

void write_split_record(const std::filesystem::path& path, const SplitRecord& record) {
  std::string text(kHeader);
  text += '\n';
  for (std::size_t i = 0; i < record.class_names.size(); ++i) {
    text += fmt::format("class\t{}\t{}\n", i, escaped(record.class_names[i]));
  }
  for (const ImageRecord& image : record.images) {
    text += fmt::format("{}\t{:016x}\t{}\n", kParts[static_cast<std::size_t>(image.part)],
                        image.hash, escaped(image.name));
  }
  write_file(path, text);
}

SplitRecord parse_split_record(std::string_view text, std::string_view source) {
  return Parser(text, source).parse();
}

SplitRecord read_split_record(const std::filesystem::path& path) {
  const std::vector<std::uint8_t> bytes = read_file(path, kLargestFile);
  return parse_split_record({reinterpret_cast<const char*>(bytes.data()), bytes.size()},
                            path.string());
}

}  // namespace hourglass
