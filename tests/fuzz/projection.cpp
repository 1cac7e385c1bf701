// Saved maps. The header is fuzzed and the data are zeros: see with_zeros().
#include <variant>

#include "fuzz.h"
#include "hourglass/base/file.h"
#include "hourglass/project/saved.h"

using namespace hourglass;

namespace {

fuzz::Bytes saved(const Projection& projection) {
  std::visit([](const auto& p) { save_projection(fuzz::scratch_file(), p); }, projection);
  return read_file(fuzz::scratch_file());
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::Bytes file = fuzz::with_zeros(fuzz::text_of({data, size}), 1 << 16);
  fuzz::reads([&] {
    const Projection projection = parse_projection(file, "f");
    fuzz::check(columns_in(projection) > 0 && columns_out(projection) > 0, "no columns");
    // Unknown tensors and keys are dropped, so the second copy equals the first, not the input.
    const fuzz::Bytes once = saved(projection);
    fuzz::check(saved(parse_projection(once, "f")) == once, "saved twice differs");
    // Mapping rows into larger maps takes too long for a fuzzer.
    if (const auto* umap = std::get_if<UmapModel>(&projection)) {
      if (umap->data.count() > 256 || umap->fitted.n_epochs > 30 ||
          umap->options.negative_sample_rate > 10) {
        return;
      }
    }
    static ThreadPool pool(1);
    const Tensor rows(Shape{2, columns_in(projection)});
    const Tensor mapped = transform_rows(projection, rows, pool);
    fuzz::check(mapped.shape() == Shape({2, columns_out(projection)}), "points of another shape");
  });
  return 0;
}
