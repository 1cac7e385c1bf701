// Images in NumPy's archives and in tables. The first byte chooses the reader and the image size.
#include "fuzz.h"
#include "hourglass/data/impl/array_images.h"
#include "hourglass/data/impl/table_images.h"

using namespace hourglass;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::optional<ImageSize> image_size;
  if ((data[0] & 2) != 0) image_size = ImageSize{2, 2};
  const fuzz::MemoryFile file({data + 1, size - 1});
  fuzz::reads([&] {
    const Dataset images = (data[0] & 1) != 0 ? read_table_images(file.path(), image_size)
                                              : read_array_images(file.path(), image_size);
    for (const RowSource* rows : {&images.train, &images.test}) {
      fuzz::check(rows->columns() == images.shape.pixels(), "not true to its size");
      fuzz::check(std::ssize(rows->labels()) == rows->count(), "another number of labels");
      for (const std::int64_t label : rows->labels()) {
        fuzz::check(label >= 0 && label < images.classes(), "a label without a class");
      }
      std::vector<float> row(static_cast<std::size_t>(rows->columns()));
      for (std::int64_t i = 0; i < rows->count(); ++i) {
        rows->fill(i, row);
        for (const float value : row) {
          fuzz::check(value >= 0.0F && value <= 1.0F, "a pixel outside [0, 1]");
        }
      }
    }
  });
  return 0;
}
