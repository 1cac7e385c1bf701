// Import as a whole: arrays of any name, type and shape as one or two files of parameters. Each
// line of the input, "NAME TYPE SIZExSIZE FILL", is an array whose bytes are all FILL; a line "-"
// begins the second file, "=HxW" gives the size of images.
#include <algorithm>
#include <charconv>
#include <sstream>

#include "exchange/torch.h"
#include "fuzz.h"

using namespace hourglass;

namespace {

constexpr std::uint64_t kMostBytes = 1 << 19;  // of one array

std::int64_t number_in(std::string_view text, std::int64_t otherwise) {
  std::int64_t value = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::optional<NamedArray> array_in(const std::string& line) {
  std::istringstream words(line);
  std::string name, type, sizes, fill;
  words >> name >> type >> sizes >> fill;
  const auto dtype = dtype_from_safetensors(type);
  std::vector<std::int64_t> axes;
  for (std::size_t begin = 0; begin < sizes.size() && axes.size() < Shape::kMaxRank;) {
    const std::size_t end = std::min(sizes.find('x', begin), sizes.size());
    axes.push_back(std::max<std::int64_t>(0, number_in(sizes.substr(begin, end - begin), 0)));
    begin = end + 1;
  }
  if (!dtype) return std::nullopt;
  const auto bytes = byte_count(axes, *dtype);  // as every reader has checked
  if (!bytes || *bytes > kMostBytes) return std::nullopt;
  const auto value = static_cast<std::uint8_t>(number_in(fill, 0) & 0xff);
  return NamedArray{name, {*dtype, make_shape(axes), fuzz::Bytes(*bytes, value)}};
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<ParameterFile> files(1);
  files[0].path = "a.pth";
  std::optional<ImageSize> image;
  std::istringstream lines{std::string(fuzz::text_of({data, size}))};
  for (std::string line; std::getline(lines, line);) {
    if (line == "-" && files.size() == 1) {
      files.push_back({"b.pth", {}});
    } else if (line.starts_with('=')) {
      const std::size_t x = std::min(line.find('x'), line.size());
      const auto side = [](std::int64_t n) {
        return std::clamp<std::int64_t>(n, 1, kMaxImageSide);
      };
      image = ImageSize{side(number_in(line.substr(1, x), 1)),
                        side(number_in(line.substr(x + (x < line.size())), 1))};
    } else if (auto array = array_in(line)) {
      files.back().content.arrays.push_back(*std::move(array));
    }
  }
  fuzz::reads([&] {
    const Checkpoint imported = import_parameters(std::move(files), image);
    save_checkpoint(fuzz::scratch_file(), *imported.model, imported.facts);
    const Checkpoint again = load_checkpoint(fuzz::scratch_file());
    fuzz::check(weights_sha256(*again.model) == weights_sha256(*imported.model), "other weights");
    fuzz::check(again.facts.imported == imported.facts.imported, "other facts");
  });
  return 0;
}
