// PyTorch's .pth as a whole.
#include "fuzz.h"
#include "hourglass/interop/torch_file.h"
#include "torch_round_trip.h"

using namespace hourglass;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::reads([&] { fuzz::check_torch_round_trip(parse_torch({data, size}, "f")); });
  return 0;
}
