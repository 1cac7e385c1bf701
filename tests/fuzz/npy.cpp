// NumPy's .npy.
#include "hourglass/interop/npy.h"

#include "fuzz.h"
#include "hourglass/base/file.h"

using namespace hourglass;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::reads([&] {
    const Array array = parse_npy({data, size}, "f");
    fuzz::check_true_to_size(array);
    fuzz::Bytes again = npy_header(array);
    again.insert(again.end(), array.bytes.begin(), array.bytes.end());
    fuzz::check_same(array, parse_npy(again, "f"), "written again");
    fuzz::reads([&] { array.integers("f"); });
  });
  return 0;
}
