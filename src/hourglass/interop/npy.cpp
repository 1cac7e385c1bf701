#include "hourglass/interop/npy.h"

#include <algorithm>
#include <array>

#include "hourglass/base/error.h"
#include "hourglass/base/file.h"
#include "hourglass/interop/impl/bytes.h"
#include "hourglass/interop/impl/npy_header.h"
#include "hourglass/interop/impl/npy_text.h"

namespace hourglass {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";

template <typename... Args>
[[noreturn]] void refuse(std::string_view source, fmt::format_string<Args...> message,
                         Args&&... args) {
  fail_file("npy", "{}: {}", source, fmt::format(message, std::forward<Args>(args)...));
}

void swap_byte_order(std::vector<std::uint8_t>& bytes, std::size_t size) {
  for (std::size_t i = 0; i < bytes.size(); i += size) {
    std::reverse(bytes.data() + i, bytes.data() + i + size);
  }
}

/// The elements of `from`, first axis fastest, with the last axis fastest.
std::vector<std::uint8_t> transposed(std::span<const std::uint8_t> from, const Shape& shape,
                                     std::size_t element) {
  // Four axes, padded with sizes of 1 in front, and the stride of each in `from`.
  std::array<std::size_t, Shape::kMaxRank> n{1, 1, 1, 1};
  std::array<std::size_t, Shape::kMaxRank> step{};
  std::size_t next = element;
  for (int axis = 0; axis < shape.rank(); ++axis) {
    const auto i = static_cast<std::size_t>(Shape::kMaxRank - shape.rank() + axis);
    n[i] = static_cast<std::size_t>(shape[axis]);
    step[i] = next;
    next *= n[i];
  }
  std::vector<std::uint8_t> to;
  if (from.empty()) return to;  // one size is 0, so there are no elements
  to.reserve(from.size());
  for (std::size_t a = 0; a < n[0]; ++a) {
    for (std::size_t b = 0; b < n[1]; ++b) {
      for (std::size_t c = 0; c < n[2]; ++c) {
        for (std::size_t d = 0; d < n[3]; ++d) {
          const auto part =
              from.subspan(a * step[0] + b * step[1] + c * step[2] + d * step[3], element);
          to.insert(to.end(), part.begin(), part.end());
        }
      }
    }
  }
  return to;
}

/// The header of a file, and where its elements begin.
struct Head {
  NpyHeader header;
  Shape shape{0};
  std::size_t size = 0;  // bytes before the elements
};

Head head_of(std::span<const std::uint8_t> bytes, std::string_view source) {
  if (bytes.size() < 10 ||
      !std::equal(kMagic.begin(), kMagic.end(), bytes.begin(),
                  [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; })) {
    refuse(source, "it does not begin as an .npy file does");
  }
  const int version = bytes[6];
  if (version < 1 || version > 3 || bytes[7] != 0) {
    refuse(source, "its format is {}.{}: 1.0 to 3.0 are read", version, bytes[7]);
  }
  const std::size_t length_bytes = version == 1 ? 2 : 4;
  const std::size_t begin = 8 + length_bytes;
  if (bytes.size() < begin) refuse(source, "its header is cut short");
  const std::size_t length = version == 1 ? std::size_t{load_little<std::uint16_t>(bytes, 8)}
                                          : std::size_t{load_little<std::uint32_t>(bytes, 8)};
  if (length > bytes.size() - begin) {
    refuse(source, "its header claims {} bytes, but {} follow: the file is cut short or damaged",
           length, bytes.size() - begin);
  }
  const auto text = bytes.subspan(begin, length);
  NpyHeader header =
      parse_npy_header({reinterpret_cast<const char*>(text.data()), text.size()}, source);
  if (!byte_count(header.sizes, header.element_bytes)) {
    refuse(source, "its shape is too large: the product of the sizes overflows");
  }
  const Shape shape = make_shape(header.sizes);
  return {std::move(header), shape, begin + length};
}

/// The elements of a file, as many as the header says.
std::span<const std::uint8_t> elements_of(std::span<const std::uint8_t> bytes, const Head& head,
                                          std::string_view source) {
  const auto data = bytes.subspan(head.size);
  const std::uint64_t needed = *byte_count(head.header.sizes, head.header.element_bytes);
  if (data.size() != needed) {
    refuse(source, "{} {} need {} bytes, but {} follow the header: the file is {}",
           head.shape.text(), head.header.text ? "texts" : facts(head.header.dtype).safetensors,
           needed, data.size(), data.size() < needed ? "cut short" : "longer than it says");
  }
  return data;
}

bool is_fortran(const Head& head) {
  return head.header.fortran_order && head.shape.rank() > 1;
}

TextArray text_of(std::span<const std::uint8_t> bytes, const Head& head, std::string_view source) {
  std::span<const std::uint8_t> elements = elements_of(bytes, head, source);
  std::vector<std::uint8_t> turned;
  if (is_fortran(head)) {
    turned = transposed(elements, head.shape, head.header.element_bytes);
    elements = turned;
  }
  return {head.shape, decode_text(elements, head.header, source)};
}

std::vector<std::uint8_t> header_bytes(std::string_view descr, const Shape& shape) {
  std::string sizes;
  for (int axis = 0; axis < shape.rank(); ++axis) {
    sizes += fmt::format("{}{}", axis > 0 ? ", " : "", shape[axis]);
  }
  if (shape.rank() == 1) sizes += ',';
  std::string text =
      fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}), }}", descr, sizes);
  constexpr std::size_t kBefore = 10;  // magic, version and length
  constexpr std::size_t kUnit = 64;
  const std::size_t whole = (kBefore + text.size() + 1 + kUnit - 1) / kUnit * kUnit;
  text.resize(whole - kBefore - 1, ' ');
  text += '\n';

  std::vector<std::uint8_t> out(kMagic.begin(), kMagic.end());
  out.push_back(1);
  out.push_back(0);
  append_little(out, static_cast<std::uint16_t>(text.size()));
  out.insert(out.end(), text.begin(), text.end());
  return out;
}

}  // namespace

std::vector<std::uint8_t> npy_header(const ArrayView& array) {
  const DTypeFacts& type = facts(array.dtype);
  if (type.numpy.empty()) fail("npy", "cannot write {}: NumPy has no such type", type.safetensors);
  return header_bytes(fmt::format("{}{}", type.size == 1 ? '|' : '<', type.numpy), array.shape);
}

void write_npy(const std::filesystem::path& path, const ArrayView& array) {
  const std::vector<std::uint8_t> header = npy_header(array);
  AtomicFile file(path);
  file.write(header);
  file.write(array.bytes);
  file.commit();
}

void write_npy(const std::filesystem::path& path, const TextArray& array) {
  write_file(path, npy_bytes(array));
}

std::vector<std::uint8_t> npy_bytes(const TextArray& array) {
  if (std::ssize(array.values) != array.shape.count()) {
    throw Error("npy", "shape", array.shape.text(),
                fmt::format("{} texts do not fit it", array.values.size()));
  }
  const std::size_t length = text_length(array.values);
  std::vector<std::uint8_t> out = header_bytes(fmt::format("<U{}", length), array.shape);
  const std::vector<std::uint8_t> elements = encode_text(array.values, length);
  out.insert(out.end(), elements.begin(), elements.end());
  return out;
}

NpyKind npy_kind(std::span<const std::uint8_t> beginning, std::string_view source) {
  const Head head = head_of(beginning, source);
  return {head.header.text, head.header.dtype, head.shape};
}

NpyLayout npy_layout(std::span<const std::uint8_t> bytes, std::string_view source) {
  const Head head = head_of(bytes, source);
  if (head.header.text) {
    refuse(source, "it holds text ({}): numbers are needed here", quote_name(head.header.descr));
  }
  return {head.header.dtype, head.shape, head.header.big_endian && head.header.element_bytes > 1,
          is_fortran(head), elements_of(bytes, head, source)};
}

Array array_of(const NpyLayout& layout) {
  const std::uint64_t element = facts(layout.dtype).size;
  Array array{layout.dtype, layout.shape, {}};
  if (layout.fortran_order) {
    array.bytes = transposed(layout.elements, layout.shape, element);
  } else {
    array.bytes.assign(layout.elements.begin(), layout.elements.end());
  }
  if (layout.big_endian) swap_byte_order(array.bytes, element);
  return array;
}

Array parse_npy(std::span<const std::uint8_t> bytes, std::string_view source) {
  return array_of(npy_layout(bytes, source));
}

std::variant<Array, TextArray> parse_npy_content(std::span<const std::uint8_t> bytes,
                                                 std::string_view source) {
  const Head head = head_of(bytes, source);
  if (head.header.text) return text_of(bytes, head, source);
  return parse_npy(bytes, source);
}

Array read_npy(const std::filesystem::path& path) {
  return parse_npy(read_file(path), path.string());
}

}  // namespace hourglass
