// NumPy's .npy.
#include "hourglass/interop/npy.h"

#include "fuzz.h"
#include "hourglass/base/file.h"

using namespace hourglass;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::reads([&] {
    const auto content = parse_npy_content({data, size}, "f");
    if (const auto* text = std::get_if<TextArray>(&content)) {
      fuzz::check(std::ssize(text->values) == text->shape.count(), "another number of texts");
      const auto again = std::get<TextArray>(parse_npy_content(npy_bytes(*text), "f"));
      fuzz::check(again.shape == text->shape && again.values == text->values, "written again");
      return;
    }
    const Array& array = std::get<Array>(content);
    fuzz::check_true_to_size(array);
    fuzz::Bytes again = npy_header(array);
    again.insert(again.end(), array.bytes.begin(), array.bytes.end());
    fuzz::check_same(array, parse_npy(again, "f"), "written again");
    fuzz::reads([&] { array.integers("f"); });
  });
  return 0;
}
