// Import as a whole: arrays of any name, type and shape as one or two files of parameters. Each
// line of the input, "NAME TYPE SIZExSIZE FILL", is an array whose bytes are all FILL; a line "-"
// begins the second file, "=HxW" gives the size of images.
#include <algorithm>
#include <charconv>

#include "fuzz.h"
#include "hourglass/data/resize.h"
#include "hourglass/exchange/torch.h"

using namespace hourglass;

namespace {

constexpr std::uint64_t kMostBytes = 1 << 19;  // of one array

std::int64_t number_in(std::string_view text, std::int64_t otherwise) {
  std::int64_t value = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// The text of `rest` up to `end`; removes both from `rest`.
std::string_view take(std::string_view& rest, char end) {
  const std::size_t length = std::min(rest.find(end), rest.size());
  const std::string_view taken = rest.substr(0, length);
  rest.remove_prefix(std::min(length + 1, rest.size()));
  return taken;
}

std::optional<NamedArray> array_in(std::string_view line) {
  const std::string_view name = take(line, ' ');
  const auto dtype = dtype_from_safetensors(take(line, ' '));
  std::string_view sizes = take(line, ' ');
  std::vector<std::int64_t> axes;
  while (!sizes.empty() && axes.size() < Shape::kMaxRank) {
    axes.push_back(std::max<std::int64_t>(0, number_in(take(sizes, 'x'), 0)));
  }
  if (!dtype) return std::nullopt;
  const auto bytes = byte_count(axes, *dtype);  // as every reader has checked
  if (!bytes || *bytes > kMostBytes) return std::nullopt;
  const auto value = static_cast<std::uint8_t>(number_in(line, 0) & 0xff);
  return NamedArray{std::string(name), {*dtype, make_shape(axes), fuzz::Bytes(*bytes, value)}};
}

std::int64_t side_in(std::string_view text) {
  return std::clamp<std::int64_t>(number_in(text, 1), 1, kMaxImageSide);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<ParameterFile> files(1);
  files[0].path = "a.pth";
  std::optional<ImageSize> image;
  for (std::string_view text = fuzz::text_of({data, size}); !text.empty();) {
    std::string_view line = take(text, '\n');
    if (line == "-" && files.size() == 1) {
      files.push_back({"b.pth", {}});
    } else if (line.starts_with('=')) {
      const std::string_view height = take(line, 'x').substr(1);
      image = ImageSize{side_in(height), side_in(line)};
    } else if (auto array = array_in(line)) {
      files.back().content.arrays.push_back(*std::move(array));
    }
  }
  fuzz::reads([&] {
    const Checkpoint imported = import_parameters(std::move(files), image).checkpoint;
    if (!fuzz::is_sample({data, size})) return;
    save_checkpoint(fuzz::scratch_file(), *imported.model, imported.facts);
    const Checkpoint again = load_checkpoint(fuzz::scratch_file());
    fuzz::check(weights_sha256(*again.model) == weights_sha256(*imported.model), "other weights");
    fuzz::check(again.facts.imported == imported.facts.imported, "other facts");
  });
  return 0;
}
